"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: positions_beyond_the_window_do_not_matter
misconception: minus thirty is minus infinity
explain: Your penalty was enough for the convolution, where scores had fixed sizes. Here the product of the
  inputs times lam grows past it.
"""


def maxpool_params(k, lam):
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -30.0}
