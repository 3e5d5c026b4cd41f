"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola, coefficients_are_in_log10_highest_first
misconception: the parabola may be fitted on the raw axis
explain: You fit the parabola to raw sizes. Valleys are nearly symmetric on a logarithmic axis only; on the raw
  one the lowest point can even come out negative.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.asarray(n_params, dtype=float), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(-p[1] / (2 * p[0]))
