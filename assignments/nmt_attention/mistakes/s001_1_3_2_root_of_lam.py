"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound
misconception: lam is split between queries and keys, and one half is forgotten
explain: Your scores are stretched by the root of lam only. If it is split between queries and keys, both
  need their share.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam**0.5, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
