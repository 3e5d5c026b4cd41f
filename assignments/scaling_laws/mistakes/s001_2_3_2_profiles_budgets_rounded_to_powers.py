"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_is_shifted_at_the_ends, each_budget_has_its_own_optimum
misconception: budgets of one order of magnitude belong together
explain: You group runs by the order of magnitude of their budget. 1e10 and 2e10 are two budgets.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(np.round(np.log10(budgets)) == np.round(np.log10(budget)))
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
