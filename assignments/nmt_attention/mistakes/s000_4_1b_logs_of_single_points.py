"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_in_between_follows_the_counts, slope_tends_to_one_for_short_sequences
misconception: the exponent is log C over log n
explain: You divide log C by log n at single lengths. That contains the constant factor too; a slope is a
  difference divided by a difference.
"""


def loglog_slope(h, ns):
    return [math.log(macs(n, h)["total"]) / math.log(n) for n in ns[1:]]
