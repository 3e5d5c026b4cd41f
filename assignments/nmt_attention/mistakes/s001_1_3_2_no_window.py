"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: positions_beyond_the_window_do_not_matter
misconception: what is not named does not count
explain: Offsets outside the window have the score 0, the same as those inside: the layer looks at the whole
  sequence.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": 0.0}
