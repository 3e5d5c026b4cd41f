"""
item: s001-2.3.3b
cell: s001-2_3_3b
why: numpy's own covariance of the coefficients, carried to the point
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    p, covariance = np.polyfit(x, y, 1, cov=True)
    at = np.array([np.log10(compute), 1.0])
    error = max(at @ covariance @ at, 0.0) ** 0.5
    return [10 ** (at @ p), 10 ** (at @ p - t * error), 10 ** (at @ p + t * error)]


best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
