"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows, equal_inputs_stay_as_they_are
misconception: the large multiplier belongs to the values
explain: You stretch the values instead of the scores: the weights stay soft, and the output is no longer on
  the scale of the input.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": 1.0, "WK": 1.0, "WV": lam, "p": window, "default": -math.inf}
