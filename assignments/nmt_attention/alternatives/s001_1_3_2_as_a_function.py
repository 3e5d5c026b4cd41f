"""
item: s001-1.3.2
cell: s001-1_3_2
why: p may be a function of the offset
"""


def maxpool_params(k, lam):
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": lambda offset: 0.0 if abs(offset) <= k else -math.inf}
