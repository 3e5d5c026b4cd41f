"""
item: s001-1.3.2
cell: s001-1_3_2
why: a penalty that grows with lam
"""


def maxpool_params(k, lam):
    return {"WQ": np.sqrt(lam), "WK": np.sqrt(lam), "WV": np.ones(1), "p": {int(o): 0 for o in np.arange(-k, k + 1)}, "default": -1e6 * max(lam, 1)}
