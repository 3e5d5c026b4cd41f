"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows, window_reaches_k_to_both_sides
misconception: a window is a convolution
explain: Your scores do not contain the inputs, so the layer averages over the window. The content has to
  decide here.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": 0.0, "WK": 0.0, "WV": 1.0, "p": window, "default": -math.inf}
