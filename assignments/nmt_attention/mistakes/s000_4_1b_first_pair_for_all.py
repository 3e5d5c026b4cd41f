"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_for_unevenly_spaced_lengths
misconception: the slope is the same everywhere
explain: You return the slope between the first two lengths. It grows with the length, so one number for the
  whole range has to look at the whole range: from end to end, or by a straight line through all points.
"""


def loglog_slope(h, ns):
    first, second = (macs(n, h)["total"] for n in ns[:2])
    return math.log(second / first) / math.log(ns[1] / ns[0])
