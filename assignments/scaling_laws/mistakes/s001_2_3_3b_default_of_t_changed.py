"""
item: s001-2.3.3b
cell: s001-2_3_3b
caught_by: band_follows_the_standard_error
misconception: a band is a 95 % band unless something else is said
explain: You changed what t is when it is left out. The docstring says 1: one standard error.
"""

def optimal_at(budgets, optima, compute, t=3.182):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))



best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
