"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lowest_point_outside_the_data, hills_are_refused
misconception: the lowest loss at an end means there is no valley
explain: You decide by where the lowest loss stands. Half a valley has it at an end and still opens upwards;
  the sign of the quadratic coefficient decides.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2)
    if y[np.argsort(u)].argmin() in (0, len(u) - 1):
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
