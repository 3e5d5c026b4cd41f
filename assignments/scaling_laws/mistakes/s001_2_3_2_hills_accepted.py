"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: hills_are_refused
misconception: every parabola has an optimum
explain: Your function finds an optimum on a hill. Where the quadratic coefficient is not positive the point
  that you compute is the worst size; raise ValueError.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    return p, float(10 ** (-p[1] / (2 * p[0])))
