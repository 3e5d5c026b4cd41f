"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound
misconception: any factor of order lam will do
explain: Your scores are lam x_i x_j / 2. The bound is derived for lam x_i x_j, and where one value lies a
  little above the others, half of that is not sharp enough to keep it.
"""


def maxpool_params(k, lam):
    return {"WQ": lam / 2, "WK": 1.0, "WV": 1.0, "p": dict.fromkeys(range(-k, k + 1), 0.0), "default": -math.inf}
