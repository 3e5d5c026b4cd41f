"""
item: s001-2.3.3b
cell: s001-2_3_3b
why: the band as a factor; plain Python, centred at the mean
"""

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


best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
