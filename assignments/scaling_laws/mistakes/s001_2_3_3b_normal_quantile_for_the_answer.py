"""
item: s001-2.3.3b
cell: s001-2_3_3b
caught_by: answer_for_1e15_follows_from_own_optima
misconception: 95 % means 1.96
explain: You used t = 1.96, which serves when the scatter is known. Here it is estimated from five points,
  which takes 3.182.
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))



best, lowest, highest = optimal_at(*optima, 1e15, t=1.96)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
