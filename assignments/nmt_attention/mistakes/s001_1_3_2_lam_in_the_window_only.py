"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: error_stays_under_its_bound, error_falls_as_lam_grows, positions_beyond_the_window_do_not_matter
misconception: lam separates inside from outside
explain: You use lam to lift the window above the rest. That decides where to look, but not which of the
  values there is the largest.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), lam)
    return {"WQ": 1.0, "WK": 1.0, "WV": 1.0, "p": window, "default": 0.0}
