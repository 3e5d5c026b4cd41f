"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: window_reaches_k_to_both_sides
misconception: k positions in all
explain: You read k as the number of positions in the window. It reaches k positions to each side.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-(k // 2), k // 2 + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
