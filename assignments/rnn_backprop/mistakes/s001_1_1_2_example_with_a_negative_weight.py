"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: dead_example_has_slope_zero
misconception: large means large in size
explain: One of your weights is negative. Its size is above 1, but the claim to refute is about weights
  that are themselves above 1.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound


def dead_example():
    return [2.0, -3.0], 1.0
