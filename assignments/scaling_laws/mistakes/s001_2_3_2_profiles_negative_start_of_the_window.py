"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: small_groups_are_fitted_whole
misconception: the window may begin anywhere
explain: For a budget with few runs your window begins at a negative index, which Python counts from the end: it
  gets other runs than you think.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = min(max(0, first), len(chosen) - points)
        window = chosen[first : first + points]
        if len(window) < 3:
            window = chosen[-3:]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
