"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: plain lists, grouped in a dict; the results are lists
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    groups = {}
    for budget, size, loss in zip(budgets, n_params, losses, strict=True):
        groups.setdefault(float(budget), []).append((float(size), float(loss)))
    optima = []
    for budget in sorted(groups):
        group = sorted(groups[budget])
        lowest = min(range(len(group)), key=lambda k: group[k][1])
        start = max(min(lowest - (points - 1) // 2, len(group) - points), 0)
        sizes, values = zip(*group[start : start + points], strict=True)
        optima.append(find_optimal_params(list(sizes), list(values))[1])
    return sorted(groups), optima
