"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
caught_by: each_budget_has_its_own_optimum
misconception: no two runs have the same loss
explain: You look the size up by the loss. Two runs of a budget with the same loss become one.
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    found = sorted(set(budgets))
    optima = []
    for budget in found:
        size_of = {loss: size for at, size, loss in zip(budgets, n_params, losses, strict=True) if at == budget}
        runs = sorted((size, loss) for loss, size in size_of.items())
        values = [loss for _, loss in runs]
        first = max(0, min(values.index(min(values)) - points // 2, len(runs) - points))
        sizes, values = zip(*runs[first : first + points], strict=True)
        optima.append(find_optimal_params(sizes, values)[1])
    return found, optima
