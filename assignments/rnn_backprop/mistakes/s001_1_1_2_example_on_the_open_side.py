"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: dead_example_has_slope_zero
misconception: a small positive input gives a small gradient
explain: In your example all gates are open, so the slope is the product of the weights, however small x
  is.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound


def dead_example():
    return [2.0, 3.0], 1e-9
