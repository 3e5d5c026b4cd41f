"""
item: s000-4.1b
cell: s000-4_1b
why: a least-squares line through all points gives one slope for the range
"""


import numpy as np


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return float(np.polyfit(np.log10(ns), np.log10(costs), 1)[0])
