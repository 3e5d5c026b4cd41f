"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows, window_reaches_k_to_both_sides
misconception: products are large enough as they are
explain: Your queries and keys are multiplied by 1, so lam has no effect and the result is a blurred
  average. Something has to stretch the differences between scores.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": 1.0, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
