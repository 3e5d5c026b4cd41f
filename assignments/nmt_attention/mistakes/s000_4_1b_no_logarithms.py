"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_two_for_long_sequences, slope_in_between_follows_the_counts
misconception: the slope of the cost itself
explain: You take the slope of the cost against the length. Only on logarithmic axes is a slope an exponent.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return [(b - a) / (m - n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
