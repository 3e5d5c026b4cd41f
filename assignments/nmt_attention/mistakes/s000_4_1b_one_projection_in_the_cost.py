"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_in_between_follows_the_counts
misconception: one matrix makes queries, keys and values
explain: The cost that you take the slope of has too few projections, so the quadratic part wins too early.
"""


def loglog_slope(h, ns):
    costs = [n * h * h + 2 * n * n * h for n in ns]
    return [math.log(b / a) / math.log(m / n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
