"""
item: s001-2.3.2
cell: s001-2_3_2
why: numpy's Polynomial, converted to the plain basis and turned round; the root of its derivative
"""

from numpy.polynomial import Polynomial


def find_optimal_params(n_params, losses):
    curve = Polynomial.fit(np.log10(np.asarray(n_params, float)), np.asarray(losses, float), 2).convert()
    if curve.coef[2] <= 0:
        raise ValueError("opens downwards")
    return curve.coef[::-1], 10.0 ** curve.deriv().roots()[0]
