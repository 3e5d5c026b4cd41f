"""
item: s001-2.3.3b
cell: s001-2_3_3b
caught_by: line_is_followed_beyond_the_data
misconception: the nearest points say most
explain: You follow the line through the two largest budgets. It is the least-squares line through all points
  that is asked for.
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    last = np.argsort(x)[-2:]
    m, c = fit_linear_log(10 ** x[last], 10 ** y[last])
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    with np.errstate(over="ignore"):
        return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))


best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
