"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows, window_reaches_k_to_both_sides
misconception: the sign does not matter
explain: Your layer picks the smallest value of the window: with a minus sign, a larger value has a smaller
  score.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": -lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
