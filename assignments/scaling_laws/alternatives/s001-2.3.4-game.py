# %% by_parts_three_and_four
"""a valley for each budget, a line through the best sizes, and E + k C^-g through the lowest losses; one seed of each run"""
def choose_runs(menu, bought, left):
    groups = {}
    for run in [] if bought else sorted(set(menu)):
        groups.setdefault(round(math.log2(6 * run[0] * run[1])), []).append(run)
    order = []
    while groups:
        dearest = groups.pop(max(groups))
        share = left / (len(groups) + 1)
        for run in sorted(dearest, key=lambda run: abs(dearest.index(run) - 3)):
            if 6 * run[0] * run[1] <= share:
                order.append(run)
                share, left = share - 6 * run[0] * run[1], left - 6 * run[0] * run[1]
    return order


def forecast(bought, compute):
    N, D, losses = np.array(bought).T
    doubled = np.round(np.log2(6 * N * D))
    valleys, rests, free = [], 0.0, 0
    for group in np.unique(doubled):
        chosen = np.flatnonzero(doubled == group)
        chosen = chosen[np.argsort(abs(np.log(N[chosen] / N[chosen[losses[chosen].argmin()]])))[:5]]
        if len(chosen) < 4:
            continue
        try:
            p, best = find_optimal_params(N[chosen], losses[chosen])
        except ValueError:
            continue
        fitted = np.polyval(p, np.log10(N[chosen]))
        valleys.append(((6 * N * D)[chosen].mean(), best, np.polyval(p, np.log10(best))))
        rests, free = rests + ((fitted - losses[chosen]) ** 2).sum(), free + len(chosen) - 3
    budgets, sizes, lowest = np.array(valleys).T
    m, c = fit_linear_log(budgets, sizes)
    noise = math.sqrt(rests / free)
    said = []
    for g in np.arange(0.1, 0.6, 0.01):
        powers = np.stack([np.ones(len(budgets)), (budgets / budgets[0]) ** -g], axis=1)
        constants = np.linalg.lstsq(powers, lowest, rcond=None)[0]
        if constants[0] > 0:
            said.append((((powers @ constants - lowest) ** 2).sum(), constants @ [1, (compute / budgets[0]) ** -g]))
    best, loss = min(said)
    good = [value for rest, value in said if rest <= best + 2 * noise**2]
    return 10 ** (m * math.log10(compute) + c), loss, min(good) - 2 * noise, max(good) + 2 * noise


# %% resampled
"""buys in rounds, a second seed first where it is cheap; the band comes from fits to resampled residuals"""
def choose_runs(menu, bought, left):
    have = {(N, D) for N, D, _ in bought}
    order = []
    dearest = max((6 * N * D for N, D in menu), default=0)
    for N, D in sorted(menu, key=lambda run: 6 * run[0] * run[1]):
        again = (N, D) in have or (N, D) in order
        price = 6 * N * D
        if price > left or (again and (not bought or price > dearest / 6)):
            continue
        if bought or price < dearest / 3:  # first the cheap half, then what is left for the dear ones
            order.append((N, D))
            left -= price
    return order


def forecast(bought, compute):
    data = torch.tensor(bought, dtype=torch.float64)
    size, tokens = data[:, 0] / data[:, 0].mean(), data[:, 1] / data[:, 1].mean()
    pairs = torch.cartesian_prod(torch.linspace(0.25, 0.95, 15), torch.linspace(0.25, 0.95, 15)).double()
    X = torch.stack([torch.ones(len(pairs), len(data)), size ** -pairs[:, :1], tokens ** -pairs[:, 1:]], -1)
    solve = torch.linalg.pinv(X)
    hat = X @ solve

    def fit(losses):
        rest = ((hat @ losses - losses) ** 2).sum(1)
        best = int(rest.argmin())
        return best, solve[best] @ losses, losses - hat[best] @ losses

    grid = torch.logspace(-2, 3, 400, dtype=torch.float64) * data[:, 0].mean()

    def curve(best, constants):
        a, b = pairs[best]
        D = compute / (6 * grid) / data[:, 1].mean()
        return constants[0] + constants[1] * (grid / data[:, 0].mean()) ** -a + constants[2] * D**-b

    best, constants, left = fit(data[:, 2])
    at = curve(best, constants)
    k = int(at.argmin())
    said, generator = [], torch.Generator().manual_seed(0)
    left = left * math.sqrt(len(left) / max(1, len(left) - 5))
    for _ in range(100):
        drawn = left[torch.randint(len(left), (len(left),), generator=generator)]
        said.append(float(curve(*fit(hat[best] @ data[:, 2] + drawn)[:2])[k]))
    noise = float(left.std())
    said.sort()
    return [grid[k], at[k], min(said[4], float(at[k])) - noise, max(said[-5], float(at[k])) + noise]


# %% two_rounds_and_a_jackknife
"""half the money for a look at all budgets, half for runs near the bottom; the band from fits that leave out one run each"""
def choose_runs(menu, bought, left):
    lowest = {}
    for N, D, loss in bought:
        level = round(math.log2(6 * N * D))
        lowest[level] = min(lowest.get(level, (loss, N)), (loss, N))
    seen, order = {(N, D) for N, D, _ in bought}, []
    purse = left if bought else left / 2
    for place, (N, D) in enumerate(sorted(set(menu), key=lambda run: run[0] * run[1])):
        near = lowest.get(round(math.log2(6 * N * D)), (0, N))[1]
        wanted = abs(math.log(N / near)) < 1.2 and (N, D) not in seen if bought else place % 2 == 0
        if wanted and purse >= 6 * N * D:
            order.append((N, D))
            purse -= 6 * N * D
    return order


def forecast(bought, compute):
    N, D, losses = (np.asarray(column, dtype=float) for column in zip(*bought, strict=True))
    n, d = N / N.max(), D / D.max()
    exponents = [(a, b) for a in np.arange(0.3, 0.95, 0.07) for b in np.arange(0.3, 0.95, 0.07)]
    bases = [np.column_stack([np.ones(len(N)), n**-a, d**-b]) for a, b in exponents]

    def fitted(kept):
        def rest(base):
            constants = np.linalg.lstsq(base[kept], losses[kept], rcond=None)[0]
            return ((base[kept] @ constants - losses[kept]) ** 2).sum(), constants

        found = [rest(base) for base in bases]
        best = min(range(len(found)), key=lambda place: found[place][0])
        return exponents[best], found[best][1], found[best][0]

    def curve(fit, sizes):
        (a, b), (E, A, B), _ = fit
        return E + A * (sizes / N.max()) ** -a + B * (compute / (6 * sizes) / D.max()) ** -b

    everything = np.arange(len(N))
    fit, sizes = fitted(everything), np.logspace(math.log10(N.min()), math.log10(N.max()) + 2, 500)
    best = sizes[curve(fit, sizes).argmin()]
    loss = float(curve(fit, best))
    # an eighth of the runs left out at a time: each fit is off by its share, and the shares add up to the error of the whole
    said = np.array([float(curve(fitted(everything[everything % 8 != part]), best)) for part in range(8)])
    error = math.sqrt(7 / 8 * ((said - loss) ** 2).sum() + fit[2] / max(1, len(N) - 5))
    return best, loss, loss - 1.7 * error, loss + 1.7 * error
