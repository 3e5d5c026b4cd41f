"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: each_budget_has_its_own_optimum
misconception: budgets that are nearly equal are equal
explain: You count budgets as one when they differ by a percent. Each has its own valley.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(np.isclose(budgets, budget, rtol=0.01))
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
