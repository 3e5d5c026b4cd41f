"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, equal_inputs_stay_as_they_are
misconception: lam makes the output large
explain: You stretch the values as well. They should come out as they are; only the scores are stretched.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": lam, "p": window, "default": -math.inf}
