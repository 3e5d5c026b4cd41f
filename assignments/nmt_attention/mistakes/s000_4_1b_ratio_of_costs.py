"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_two_for_long_sequences, slope_in_between_follows_the_counts
misconception: the growth factor is the exponent
explain: You return the factor by which the cost grows. The exponent is the logarithm of that factor,
  divided by the logarithm of the factor in length.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return [b / a for a, b in itertools.pairwise(costs)]
