"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_of_an_exact_parabola
misconception: the place on the axis is the size
explain: You return the place of the lowest point on the logarithmic axis. Go back to a number of parameters.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(-p[1] / (2 * p[0]))
