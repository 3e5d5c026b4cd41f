"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_lies_around_the_lowest_run
misconception: neighbours are the sizes that lie nearest
explain: You take the runs whose sizes lie nearest to the lowest one. Where sizes are unevenly spaced these
  may all lie on one side; take as many neighbours to the left as to the right.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        u = np.log10(n_params[chosen])
        near = np.abs(u - u[np.argmin(losses[chosen])])
        window = chosen[np.argsort(near)[:points]]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
