"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound
misconception: one dict serves all calls
explain: All calls share one dict, so a wide window of an earlier call stays open in a later one. Make the dict
  inside the function.
"""


WINDOW = {}


def maxpool_params(k, lam):
    for offset in range(-k, k + 1):
        WINDOW[offset] = 0.0
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": WINDOW, "default": -math.inf}
