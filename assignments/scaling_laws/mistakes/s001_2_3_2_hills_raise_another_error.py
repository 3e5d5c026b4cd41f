"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: hills_are_refused
misconception: any error will do
explain: For losses on a hill you raise an error, but not a ValueError, which is what callers are told to
  expect.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ArithmeticError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
