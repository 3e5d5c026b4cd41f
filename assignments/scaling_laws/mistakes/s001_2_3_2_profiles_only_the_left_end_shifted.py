"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_is_shifted_at_the_ends
misconception: slices take care of the right end
explain: At the right end your window is cut off instead of moved: a slice that runs over the end is
  shorter, and no error is raised.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = max(0, int(np.argmin(losses[chosen])) - points // 2)
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
