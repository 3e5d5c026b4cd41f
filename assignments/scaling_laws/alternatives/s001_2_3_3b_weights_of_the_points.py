"""
item: s001-2.3.3b
cell: s001-2_3_3b
why: the prediction as a weighted sum of the points
"""

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
