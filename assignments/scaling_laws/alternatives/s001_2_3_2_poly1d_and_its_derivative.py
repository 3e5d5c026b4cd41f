"""
item: s001-2.3.2
cell: s001-2_3_2
why: poly1d with its derivative; the best size as an array of one
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    curve = np.poly1d(np.polyfit(u, y, 2))
    if curve.deriv(2)(0.0) <= 0:
        raise ValueError("no")
    return curve.coeffs, 10 ** curve.deriv().roots
