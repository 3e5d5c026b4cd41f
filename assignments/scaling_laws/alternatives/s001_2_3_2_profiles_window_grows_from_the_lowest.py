"""
item: s001-2.3.2-profiles
cell: s001-2_3_2-profiles
why: the window grows from the lowest run to both sides in turn, as far as there are runs
"""

def isoflop_optima(budgets, n_params, losses, points=5):
    budgets, n_params, losses = map(np.asarray, (budgets, n_params, losses))
    results = []
    for budget in sorted(set(budgets.tolist())):
        mask = budgets == budget
        order = np.argsort(n_params[mask])
        sizes, values = n_params[mask][order], losses[mask][order]
        left = right = int(values.argmin())
        while right - left + 1 < min(points, len(sizes)):
            grow_left = left > 0 and (int(values.argmin()) - left <= right - int(values.argmin()) or right == len(sizes) - 1)
            left, right = (left - 1, right) if grow_left else (left, right + 1) if right < len(sizes) - 1 else (left - 1, right)
        results.append((budget, float(find_optimal_params(sizes[left : right + 1], values[left : right + 1])[1])))
    return tuple(zip(*results, strict=True))
