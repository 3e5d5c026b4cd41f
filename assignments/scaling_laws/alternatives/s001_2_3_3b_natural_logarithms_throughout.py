"""
item: s001-2.3.3b
cell: s001-2_3_3b
why: natural logarithms all the way; the answer rounded to three digits
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x, y = np.log(np.array(budgets, dtype=float)), np.log(np.array(optima, dtype=float))
    m, c = np.polyfit(x, y, 1)
    s = np.sqrt(np.sum((y - np.polyval((m, c), x)) ** 2) / (x.size - 2))
    z = np.log(compute)
    half = t * s * np.sqrt(1 / x.size + (z - x.mean()) ** 2 / (x.size * x.var()))
    return np.exp(m * z + c), np.exp(m * z + c - half), np.exp(m * z + c + half)


at_1e15 = dict(zip(("N", "low", "high"), (float(f"{v:.3g}") for v in optimal_at(*optima, 1e15, 3.182)), strict=True))
at_1e15["D"] = 1e15 / 6 / at_1e15["N"]
