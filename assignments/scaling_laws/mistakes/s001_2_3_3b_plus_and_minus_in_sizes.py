"""
item: s001-2.3.3b
cell: s001-2_3_3b
caught_by: band_is_a_factor_both_ways
misconception: a band is plus and minus
explain: Your band is as many parameters downwards as upwards. The error belongs to the logarithm: in sizes it
  is a factor each way, and a difference can even fall below zero.
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    middle = float(10 ** (m * at + c))
    half = float(10 ** (m * at + c + t * error)) - middle
    return middle, middle - half, middle + half


best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
