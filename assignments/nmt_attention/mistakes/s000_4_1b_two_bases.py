"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_two_for_long_sequences, slope_in_between_follows_the_counts
misconception: the base of a logarithm never matters
explain: You mix logarithms of two bases. The base does not matter only as long as it is the same above and
  below.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return [math.log(b / a) / math.log10(m / n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
