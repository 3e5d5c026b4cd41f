"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_is_shifted_at_the_ends
misconception: fewer points near an end
explain: Near an end your window loses points on one side. Take more on the other, so that the number of fitted
  runs stays the same.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        window = chosen[max(0, first) : first + points]
        if len(window) < 3:
            window = chosen[-3:]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
