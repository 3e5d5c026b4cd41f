"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lists_arrays_and_any_order, noisy_losses_are_fitted_by_least_squares
misconception: sorting one list sorts both
explain: You sort the sizes and leave the losses where they were, so each loss gets another model's size.
"""

def find_optimal_params(n_params, losses):
    p = np.polyfit(np.log10(np.sort(np.asarray(n_params, dtype=float))), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("no lowest point")
    return p, float(10 ** (-p[1] / (2 * p[0])))
