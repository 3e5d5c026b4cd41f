"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: p may be in any logarithm
explain: Your best size is right, but p belongs to the natural logarithm of the size. Agreed are coefficients in
  log10 N.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(np.exp(-p[1] / (2 * p[0])))
