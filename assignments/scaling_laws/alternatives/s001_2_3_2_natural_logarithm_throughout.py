"""
item: s001-2.3.2
cell: s001-2_3_2
why: natural logarithm and exponential, and the coefficients carried over to log10
"""

def find_optimal_params(n_params, losses):
    a, b, c = np.polyfit(np.log(np.asarray(n_params, dtype=float)), losses, 2)
    if a <= 0:
        raise ValueError("opens downwards")
    ten = np.log(10)
    return [a * ten**2, b * ten, c], np.exp(-b / (2 * a))
