"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: numpy's Polynomial, lowest power first, turned round
"""

from numpy.polynomial import Polynomial


def fit_linear_log(x, y):
    c, m = Polynomial.fit(np.log10(np.asarray(x, float)), np.log10(np.asarray(y, float)), 1).convert().coef
    return m, c
