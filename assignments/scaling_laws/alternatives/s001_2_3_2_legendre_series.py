"""
item: s001-2.3.2
cell: s001-2_3_2
why: a Legendre series, converted
"""

from numpy.polynomial import legendre


def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    L = legendre.Legendre.fit(u, y, 2)
    c, b, a = L.convert(kind=np.polynomial.Polynomial).coef
    if a <= 0:
        raise ValueError("no")
    return [a, b, c], 10 ** (-b / (2 * a))
