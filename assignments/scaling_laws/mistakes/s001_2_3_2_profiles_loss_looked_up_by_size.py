"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: each_budget_has_its_own_optimum
misconception: a size occurs at one budget only
explain: You look the loss up by the size alone. The same size is trained at several budgets, and the last one wins.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    loss_of = dict(zip(n_params, losses, strict=True))
    found = sorted(set(budgets))
    optima = []
    for budget in found:
        sizes = sorted(size for size, at in zip(n_params, budgets, strict=True) if at == budget)
        values = [loss_of[size] for size in sizes]
        first = max(0, min(values.index(min(values)) - points // 2, len(sizes) - points))
        optima.append(find_optimal_params(sizes[first : first + points], values[first : first + points])[1])
    return found, optima
