"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: coefficients_are_in_log10_highest_first
misconception: Polynomial.fit keeps plain coefficients
explain: Your best size is right. But Polynomial.fit moves and stretches the axis first, and `coef` belongs
  to that axis: call convert().
"""

from numpy.polynomial import Polynomial


def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    curve = Polynomial.fit(u, y, 2)
    if curve.coef[2] <= 0:
        raise ValueError("no lowest point")
    return curve.coef[::-1], float(10 ** curve.deriv().roots()[0])
