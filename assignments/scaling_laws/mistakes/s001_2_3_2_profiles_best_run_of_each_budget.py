"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: each_budget_has_its_own_optimum, window_lies_around_the_lowest_run
misconception: the best run is the optimum
explain: You return the size of the best run of each budget. The bottom of the valley lies between the sizes
  that were tried; fit it.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        chosen[first : first + points]
        optima.append(n_params[chosen[np.argmin(losses[chosen])]])
    return found, np.array(optima)
