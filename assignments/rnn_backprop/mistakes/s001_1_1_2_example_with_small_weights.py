"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: dead_example_has_slope_zero
misconception: only small weights make gradients vanish
explain: Your weights are not above 1. Asked is a chain of large weights only whose gradient is 0 all the
  same.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound


def dead_example():
    return [0.5, 0.5, 0.5], -1.0
