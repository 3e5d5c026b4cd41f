"""
item: s000-4.1b
cell: s000-4_1b
why: an exponential may be dear
"""
import itertools


def loglog_slope(h, ns):
    def C(n):
        return 3*n*h*h + 2*n*n*h + 30*n*n
    return [math.log(C(b) / C(a)) / math.log(b / a) for a, b in itertools.pairwise(ns)]
