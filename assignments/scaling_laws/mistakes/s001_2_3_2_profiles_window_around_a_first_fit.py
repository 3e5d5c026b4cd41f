"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_lies_around_the_lowest_run
misconception: the middle of the window is found by a fit
explain: You fit all runs first and put the window around the bottom of that fit. The walls move it; agreed
  is the run with the lowest loss.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        bottom = find_optimal_params(n_params[chosen], losses[chosen])[1]
        low = int(np.abs(np.log10(n_params[chosen] / bottom)).argmin())
        first = max(0, min(low - points // 2, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
