"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: each coefficient changes by the same factor
explain: Your best size is right. In going from ln to log10 the quadratic coefficient changes by the square
  of ln 10, the linear one by ln 10, the constant not at all.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u * math.log(10), y, 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p * math.log(10), float(np.exp(-p[1] / (2 * p[0])))
