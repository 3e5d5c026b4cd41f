"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: noisy_losses_are_fitted_by_least_squares
misconception: a parabola needs three points
explain: You lay the parabola through the three lowest losses. All points that you are given belong to the fit;
  noise in three of them would decide everything.
"""

def find_optimal_params(n_params, losses):
    best = np.argsort(losses)[:3]
    n_params, losses = np.asarray(n_params)[best], np.asarray(losses)[best]
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
