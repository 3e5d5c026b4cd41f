"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: small_groups_are_fitted_whole
misconception: every budget has as many runs
explain: You cut the runs into groups of equal length. Budgets may have different numbers of runs.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    order = np.lexsort((n_params, budgets))
    budgets, n_params, losses = (np.asarray(v, dtype=float)[order] for v in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    parts = (np.array_split(column, len(found)) for column in (n_params, losses))
    for sizes, values in zip(*parts, strict=True):
        first = max(0, min(int(np.argmin(values)) - points // 2, len(values) - points))
        optima.append(find_optimal_params(sizes[first : first + points], values[first : first + points])[1])
    return found, np.array(optima)
