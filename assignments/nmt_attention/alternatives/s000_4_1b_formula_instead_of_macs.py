"""
item: s000-4.1b
cell: s000-4_1b
why: counts the products directly and leaves the softmax out
"""


def loglog_slope(h, ns):
    n = torch.tensor(ns, dtype=torch.float64)
    cost = 3 * n * h**2 + 2 * n**2 * h
    return torch.diff(torch.log(cost)) / torch.diff(torch.log(n))
