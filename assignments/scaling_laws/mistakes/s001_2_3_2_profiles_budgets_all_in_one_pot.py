"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: each_budget_has_its_own_optimum, exponent_of_a_noise_free_surface
misconception: one parabola serves all budgets
explain: You fit all budgets together and return the same size for each. Each budget is a valley of its own.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for _budget in found:
        chosen = np.arange(len(budgets))
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
