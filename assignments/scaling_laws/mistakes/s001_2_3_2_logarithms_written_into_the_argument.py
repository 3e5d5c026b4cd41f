"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lists_arrays_and_any_order
misconception: np.asarray copies
explain: You take the logarithm in place, and np.asarray does not copy an array that fits: your caller's sizes
  have become logarithms.
"""

def find_optimal_params(n_params, losses):
    u = np.asarray(n_params, dtype=float)
    np.log10(u, out=u)
    p = np.polyfit(u, np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
