"""
item: s001-1.3.2
cell: s001-1_3_2
why: a product of lam squared is sharper still, within the bound
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": max(lam, 1.0), "WK": max(lam, 1.0), "WV": 1.0, "p": window, "default": -math.inf}
