"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_in_between_follows_the_counts, slope_for_unevenly_spaced_lengths
misconception: each length is twice the one before
explain: You divide by the logarithm of 2, as if every length were twice the one before it. Divide by the
  step that was really taken.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return [math.log2(b / a) for a, b in itertools.pairwise(costs)]
