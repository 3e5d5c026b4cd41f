"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: dead_example_has_slope_zero
misconception: at 0 the slope is 0
explain: Your x is 0, the kink, where f has no derivative. Some libraries return 0 there by convention,
  but that is not a proof.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound


def dead_example():
    return [2.0, 3.0], 0.0
