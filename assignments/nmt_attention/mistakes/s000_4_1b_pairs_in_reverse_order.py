"""
item: s000-4.1b
cell: s000-4_1b
caught_by: slope_for_unevenly_spaced_lengths
misconception: the order of the slopes does not matter
explain: Your slopes come in reverse: the first one belongs to the first pair of lengths.
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    slopes = [math.log(b / a) / math.log(m / n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
    return slopes[::-1]
