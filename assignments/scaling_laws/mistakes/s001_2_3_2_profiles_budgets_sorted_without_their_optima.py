"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: budgets_come_back_once_and_ascending
misconception: sorting one result is enough
explain: You sort the budgets at the end, but not the best sizes that belong to them.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.array(list(dict.fromkeys(budgets.tolist())))
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return np.sort(found), np.array(optima)
