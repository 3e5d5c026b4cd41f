"""
item: s001-2.3.3b
cell: s001-2_3_3b
caught_by: band_is_a_factor_both_ways
misconception: an error in the logarithm is a relative error
explain: You turn the error of the logarithm into a percentage. That holds for small errors only, and can
  even put the lower end below zero; the band is a factor.
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    n = 10 ** (m * at + c)
    return n, n * (1 - math.log(10) * t * error), n * (1 + math.log(10) * t * error)



best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
