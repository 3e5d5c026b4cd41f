"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_tends_to_one_for_short_sequences, slope_in_between_follows_the_counts
misconception: only the scores cost something
explain: You take the slope of the quadratic part alone, which is 2 by construction. The question is about
  the total.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["scores"] + macs(n, h)["values"] for n in ns]
    steps = zip(ns, ns[1:], costs, costs[1:], strict=False)
    return [math.log(b / a) / math.log(m / n) for n, m, a, b in steps]
