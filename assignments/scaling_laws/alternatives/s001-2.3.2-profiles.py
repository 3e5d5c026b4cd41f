# %% grouped_in_a_dict
"""plain lists, grouped in a dict; the results are lists"""
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


# %% middle_moved_inwards
"""the middle of the window is moved inwards; torch"""
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


# %% sliding_windows
"""of all windows of this length the one whose middle lies nearest to the lowest run; torch results"""
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


# %% sorted_once
"""all runs sorted once, groups found by their first places"""
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


# %% two_rows_of_one_array
"""both results as the rows of one array"""
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


# %% window_grows_from_the_lowest
"""the window grows from the lowest run to both sides in turn, as far as there are runs"""
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
