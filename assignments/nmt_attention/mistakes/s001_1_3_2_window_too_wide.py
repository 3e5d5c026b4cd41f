"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: positions_beyond_the_window_do_not_matter
misconception: one more does no harm
explain: Your window has one offset too many on each side.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k - 1, k + 2), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
