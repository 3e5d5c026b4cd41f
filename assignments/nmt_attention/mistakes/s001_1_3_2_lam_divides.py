"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows
misconception: lam is a temperature
explain: You divide by lam, as one would by a temperature, so a larger lam blurs more. Here a larger lam
  means sharper.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": 1.0 / lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
