"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, window_reaches_k_to_both_sides
misconception: range includes its end
explain: The offset k is missing: a range stops before its end.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
