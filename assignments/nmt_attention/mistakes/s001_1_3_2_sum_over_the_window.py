"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, equal_inputs_stay_as_they_are
misconception: weights are multiplied by their number
explain: You multiply by the number of positions in the window. The weight is not shared out when one of
  them wins.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 2 * k + 1, "p": window, "default": -math.inf}
