"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_two_for_long_sequences, slope_in_between_follows_the_counts
misconception: one logarithm is enough
explain: You take the logarithm of the cost but not of the length. That is the slope on half-logarithmic
  axes, which says how fast something grows exponentially.
"""


def loglog_slope(h, ns):
    costs = [math.log(macs(n, h)["total"]) for n in ns]
    return [(b - a) / (m - n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
