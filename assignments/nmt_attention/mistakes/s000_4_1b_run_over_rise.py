"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_two_for_long_sequences, slope_in_between_follows_the_counts
misconception: slope is horizontal over vertical
explain: Your fraction is upside down: a slope is the change of the cost over the change of the length.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return [math.log(m / n) / math.log(b / a) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
