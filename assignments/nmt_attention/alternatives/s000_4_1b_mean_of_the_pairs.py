"""
item: s000-4.1b
cell: s000-4_1b
why: one number that takes all lengths into account
"""


def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    steps = [math.log(b / a) / math.log(m / n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
    return sum(steps) / len(steps)
