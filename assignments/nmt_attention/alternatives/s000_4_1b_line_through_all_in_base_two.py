"""
item: s000-4.1b
cell: s000-4_1b
why: a line through all points, logarithms of base two
"""


def loglog_slope(h, ns):
    return float(np.polyfit(np.log2(ns), np.log2([macs(n, h)["total"] for n in ns]), 1)[0])
