# %% covariance_of_polyfit
"""numpy's own covariance of the coefficients, carried to the point"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    p, covariance = np.polyfit(x, y, 1, cov=True)
    at = np.array([np.log10(compute), 1.0])
    error = max(at @ covariance @ at, 0.0) ** 0.5
    return [10 ** (at @ p), 10 ** (at @ p - t * error), 10 ** (at @ p + t * error)]


# %% factor_up_and_down
"""the band as a factor; plain Python, centred at the mean"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = [math.log10(b) for b in budgets], [math.log10(n) for n in optima]
    k, mean_x, mean_y = len(x), sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    m = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    rest = sum((b - mean_y - m * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True)) / (k - 2)
    away = math.log10(compute) - mean_x
    size = 10 ** (mean_y + m * away)
    factor = 10 ** (t * math.sqrt(rest * (1 / k + away**2 / spread)))
    return size, size / factor, size * factor


# %% natural_logarithms_throughout whole=true
"""natural logarithms all the way; the answer rounded to three digits"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log(np.array(budgets, dtype=float)), np.log(np.array(optima, dtype=float))
    m, c = np.polyfit(x, y, 1)
    s = np.sqrt(np.sum((y - np.polyval((m, c), x)) ** 2) / (x.size - 2))
    z = np.log(compute)
    half = t * s * np.sqrt(1 / x.size + (z - x.mean()) ** 2 / (x.size * x.var()))
    return np.exp(m * z + c), np.exp(m * z + c - half), np.exp(m * z + c + half)


at_1e15 = dict(zip(("N", "low", "high"), (float(f"{v:.3g}") for v in optimal_at(*optima, 1e15, 3.182)), strict=True))
at_1e15["D"] = 1e15 / 6 / at_1e15["N"]


# %% optima_unpacked_under_their_names
"""the answer unpacks `optima` into two names, one of which is its own"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))

budgets, optima = optima

best, lowest, highest = optimal_at(budgets, optima, 1e15, t=3.182)


# %% shifted_to_the_target whole=true
"""a line whose origin is the target: its intercept is the prediction, with the intercept's own error; torch"""
def optimal_at(budgets, optima, compute, t=1.0):
    x = torch.as_tensor(budgets, dtype=torch.float64).log10() - math.log10(compute)
    y = torch.as_tensor(optima, dtype=torch.float64).log10()
    A = torch.stack([torch.ones_like(x), x], dim=1)
    inverse = torch.linalg.inv(A.T @ A)
    solution = inverse @ A.T @ y
    variance = ((y - A @ solution) ** 2).sum() / (len(x) - 2)
    error = (variance * inverse[0, 0]).sqrt()
    return 10.0 ** (solution[0] + torch.tensor([0.0, -t, t], dtype=torch.float64) * error)


size = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": size[0], "low": size[1], "high": size[2], "D": 1e15 / 6 / size[0]}


# %% three_digits whole=true
"""all numbers of the answer rounded to three digits"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))


n, lo, hi = (float(f"{v:.3g}") for v in optimal_at(*optima, 1e15, t=3.182))
at_1e15 = {"N": n, "low": lo, "high": hi, "D": float(f"{1e15 / (6 * n):.3g}")}


# %% weights_of_the_points whole=true
"""the prediction as a weighted sum of the points"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.array(budgets, float)), np.log10(np.array(optima, float))
    z = np.log10(compute) - x.mean()
    w = 1 / len(x) + (x - x.mean()) * z / np.sum((x - x.mean()) ** 2)
    m, c = fit_linear_log(budgets, optima)
    s = np.linalg.norm(y - m * x - c) / np.sqrt(len(x) - 2)
    n = 10 ** float(w @ y)
    f = 10 ** (t * s * np.linalg.norm(w))
    return n, n / f, n * f


N, low, high = optimal_at(optima[0], optima[1], 10**15, 3.182)
at_1e15 = {"N": float(N), "low": float(low), "high": float(high), "D": 10**15 / 6 / float(N)}


# %% whole_parameters
"""a number of parameters may well be reported as a whole number"""
def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    return tuple(round(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))
