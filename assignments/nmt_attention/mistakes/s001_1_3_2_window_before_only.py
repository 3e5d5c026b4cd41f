"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, window_reaches_k_to_both_sides
misconception: a window looks back
explain: Your window reaches to earlier positions only. Offsets have both signs.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
