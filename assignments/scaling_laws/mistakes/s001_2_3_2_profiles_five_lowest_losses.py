"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_lies_around_the_lowest_run
misconception: the lowest losses are those around the lowest
explain: You take the runs with the lowest losses. On a lopsided valley they all lie on its flat side; take
  neighbours by size, on both sides.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        window = chosen[np.argsort(losses[chosen])[:points]]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
