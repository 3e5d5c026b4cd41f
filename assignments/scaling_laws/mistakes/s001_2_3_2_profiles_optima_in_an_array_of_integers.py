"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: budgets_come_back_once_and_ascending
misconception: an array takes what is put into it
explain: You put the best sizes into an array of the type of the sizes. When these are integers,
  the decimals are cut off.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = np.zeros_like(n_params[: len(found)])
    for place, budget in enumerate(found):
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima[place] = find_optimal_params(n_params[window], losses[window])[1]
    return found, optima
