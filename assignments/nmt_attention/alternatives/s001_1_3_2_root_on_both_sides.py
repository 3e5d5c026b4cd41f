"""
item: s001-1.3.2
cell: s001-1_3_2
why: the factor may be split between queries and keys
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam**0.5, "WK": math.sqrt(lam), "WV": 1.0, "p": window, "default": -math.inf}
