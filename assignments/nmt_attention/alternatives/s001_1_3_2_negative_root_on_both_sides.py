"""
item: s001-1.3.2
cell: s001-1_3_2
why: minus the root on both sides, and a function of the offset
"""


def maxpool_params(k, lam):
    s = math.sqrt(lam)
    return {"WQ": -s, "WK": -s, "WV": 1, "p": lambda o: 0. if abs(o) <= k else -math.inf, "default": 0.}
