"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola, coefficients_are_in_log10_highest_first
misconception: both axes are logarithmic
explain: You fit the logarithm of the losses. Only the axis of sizes is logarithmic here; the loss is a parabola
  as it stands.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.log10(np.asarray(losses, dtype=float)), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
