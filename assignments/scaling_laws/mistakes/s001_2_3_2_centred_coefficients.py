"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: the origin of the axis does not matter
explain: Your best size is right, but p belongs to an axis that begins at the mean. Multiply out (u - mean)
  to get the coefficients in log10 N.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u - u.mean(), y, 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (u.mean() - p[1] / (2 * p[0])))
