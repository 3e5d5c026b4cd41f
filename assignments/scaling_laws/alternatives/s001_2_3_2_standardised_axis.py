"""
item: s001-2.3.2
cell: s001-2_3_2
why: fitted on a standardised axis and multiplied out
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    m, s = u.mean(), u.std()
    a, b, c = np.polyfit((u - m) / s, y, 2)
    if a <= 0:
        raise ValueError("no")
    return np.array([a / s**2, b / s - 2 * a * m / s**2, a * m**2 / s**2 - b * m / s + c]), 10 ** (m - s * b / (2 * a))
