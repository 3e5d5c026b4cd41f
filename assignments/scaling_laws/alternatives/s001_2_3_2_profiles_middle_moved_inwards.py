"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: the middle of the window is moved inwards; torch
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    B, N, L = (torch.as_tensor(v, dtype=torch.float64) for v in (budgets, n_params, losses))
    found = B.unique()
    best = []
    for b in found:
        chosen = b == B
        n, y = N[chosen], L[chosen]
        order = n.argsort()
        n, y = n[order], y[order]
        k = int(y.argmin())
        half = points // 2
        k = min(max(k, half), max(len(n) - 1 - half, half))
        part = slice(max(0, k - half), k + half + 1)
        best.append(float(find_optimal_params(n[part].tolist(), y[part].tolist())[1]))
    return found, best
