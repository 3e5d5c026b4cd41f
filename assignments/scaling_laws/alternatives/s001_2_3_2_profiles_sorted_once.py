"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: all runs sorted once, groups found by their first places
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    order = np.lexsort((n_params, budgets))
    b, n, y = (np.array(v, dtype=np.float64)[order] for v in (budgets, n_params, losses))
    found, start, counts = np.unique(b, return_index=True, return_counts=True)
    best = []
    for s, k in zip(start, counts, strict=True):
        low = int(y[s:s + k].argmin())
        first = s + int(np.clip(low - points // 2, 0, max(0, k - points)))
        stop = min(first + points, s + k)
        best.append(find_optimal_params(n[first:stop], y[first:stop])[1])
    return found.tolist(), best
