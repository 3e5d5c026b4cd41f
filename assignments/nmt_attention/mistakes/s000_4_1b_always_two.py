"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_one_for_short_sequences, slope_in_between_follows_the_counts,
  slope_rises_with_the_length
misconception: quadratic is quadratic at every length
explain: Your slope is 2 everywhere. At lengths up to the width and beyond, the projections are a large part
  of the cost, and they grow linearly.
"""


def loglog_slope(h, ns):
    return 2.0
