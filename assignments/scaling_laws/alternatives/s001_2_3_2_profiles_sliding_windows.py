"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: of all windows of this length the one whose middle lies nearest to the lowest run; torch results
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    table = sorted(zip(map(float, budgets), map(float, n_params), map(float, losses), strict=True))
    found, optima = [], []
    while table:
        budget = table[0][0]
        group = [row for row in table if row[0] == budget]
        table = table[len(group):]
        place = min(range(len(group)), key=lambda k: group[k][2])
        width = min(points, len(group))
        start = min(range(len(group) - width + 1), key=lambda k: abs(k + (points - 1) / 2 - place))
        _, sizes, values = zip(*group[start : start + width], strict=True)
        found.append(budget)
        optima.append(float(find_optimal_params(sizes, values)[1]))
    return torch.tensor(found, dtype=torch.float64), torch.tensor(optima, dtype=torch.float64)
