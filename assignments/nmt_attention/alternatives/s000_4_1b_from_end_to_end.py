"""
item: s000-4.1b
cell: s000-4_1b
why: one slope, between the first and the last length
"""


def loglog_slope(h, ns):
    first, last = (macs(n, h)["total"] for n in (ns[0], ns[-1]))
    return math.log2(last / first) / math.log2(ns[-1] / ns[0])
