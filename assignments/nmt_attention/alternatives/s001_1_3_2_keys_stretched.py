"""
item: s001-1.3.2
cell: s001-1_3_2
why: stretching keys is the same as stretching queries; one constant for all of p changes nothing
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 2.5)
    return {"WQ": 1, "WK": lam, "WV": 1, "p": window, "default": -math.inf}
