"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_bound_is_sharp, chain_bound_in_edge_cases
misconception: ReLU never enlarges a gradient, so 1 is the limit
explain: Your bound never exceeds 1. The slope of ReLU does not, but weights above 1 do enlarge the
  gradient.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * min(abs(w), 1.0)
    return bound


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
