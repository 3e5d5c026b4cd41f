"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: noisy_losses_are_fitted_by_least_squares
misconception: better runs weigh more
explain: You give runs with a low loss more weight. Agreed is plain least squares, every run counting alike.
"""

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2, w=1 / y)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
