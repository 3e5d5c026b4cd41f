"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, window_reaches_k_to_both_sides
misconception: a position does not look at itself
explain: The position itself is not in your window, but it may hold the maximum.
"""


def maxpool_params(k, lam):
    window = {offset: 0.0 for offset in range(-k, k + 1) if offset}
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
