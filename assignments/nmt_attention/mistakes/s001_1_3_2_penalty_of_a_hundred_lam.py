"""
item: s001-1.3.2
cell: s001-1_3_2
caught_by: positions_beyond_the_window_do_not_matter
misconception: a hundred times lam is beyond any score
explain: Outside the window you take off 100 lam. The product is lam x_i x_j, and where x_i x_j is larger
  than 100, it wins. Minus infinity is beyond any product.
"""


def maxpool_params(k, lam):
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": dict.fromkeys(range(-k, k + 1), 0.0), "default": -100 * lam}
