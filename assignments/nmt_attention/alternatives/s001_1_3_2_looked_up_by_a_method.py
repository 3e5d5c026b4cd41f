"""
item: s001-1.3.2
cell: s001-1_3_2
why: the method of a dict is a function of the offset, and its None means the default
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(np.arange(-k, k + 1), 0)
    return {"WQ": lam, "WK": 1, "WV": 1, "p": window.get, "default": -np.inf}
