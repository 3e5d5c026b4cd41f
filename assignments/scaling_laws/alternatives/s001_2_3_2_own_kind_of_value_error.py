"""
item: s001-2.3.2
cell: s001-2_3_2
why: an error class of one's own is a ValueError too
"""

class NoValley(ValueError):
    pass


def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2)
    if p[0] <= 0:
        raise NoValley("hill")
    return p, 10 ** (-p[1] / (2 * p[0]))
