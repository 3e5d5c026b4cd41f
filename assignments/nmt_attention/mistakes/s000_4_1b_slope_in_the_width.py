"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_in_between_follows_the_counts, slope_for_unevenly_spaced_lengths
misconception: length and width are exchangeable
explain: You vary the width and keep the length. The question is how the cost grows with the length, at a
  fixed width.
"""


def loglog_slope(h, ns):
    costs = [macs(h, n)["total"] for n in ns]
    steps = zip(ns, ns[1:], costs, costs[1:], strict=False)
    return [math.log(b / a) / math.log(m / n) for n, m, a, b in steps]
