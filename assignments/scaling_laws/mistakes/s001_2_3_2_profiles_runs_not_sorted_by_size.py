"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: window_lies_around_the_lowest_run
misconception: runs come in the order of their sizes
explain: You take the neighbours of the lowest run in the order in which the runs were given. Neighbours are
  meant by size: sort first.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
