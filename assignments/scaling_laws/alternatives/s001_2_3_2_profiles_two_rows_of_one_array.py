"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: both results as the rows of one array
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    rows = sorted(zip(budgets, n_params, losses, strict=True))
    out = []
    for b in sorted({r[0] for r in rows}):
        g = [r for r in rows if r[0] == b]
        k = [r[2] for r in g].index(min(r[2] for r in g))
        i = max(0, min(k - points // 2, len(g) - points))
        g = g[i:i + points]
        out.append([b, find_optimal_params([r[1] for r in g], [r[2] for r in g])[1]])
    return np.array(out, dtype=float).T
