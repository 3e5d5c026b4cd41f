"""
item: s000-4.1b
cell: s000-4_1b
why: a constant factor moves the line but does not turn it
"""


import numpy as np


def loglog_slope(h, ns):
    n = np.asarray(ns, dtype=float)
    flops = 6 * n * h**2 + 4 * n**2 * h + 5 * n**2
    return np.diff(np.log(flops)) / np.diff(np.log(n))
