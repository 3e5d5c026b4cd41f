"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_lies_around_the_lowest_run, number_of_points_is_respected
misconception: the window begins at the bottom
explain: Your window begins at the lowest run. It belongs in the middle of the window.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen]))
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
