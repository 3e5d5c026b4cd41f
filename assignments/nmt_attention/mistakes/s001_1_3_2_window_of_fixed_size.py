"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: window_reaches_k_to_both_sides
misconception: the window is three wide
explain: Your window has the same size for every k.
"""


def maxpool_params(k, lam):
    window = {-1: 0.0, 0: 0.0, 1: 0.0}
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
