"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_bound_is_sharp, chain_bound_in_edge_cases
misconception: the bound is the product of the weights
explain: Your bound can be negative. It limits the size |f'|, so only the sizes of the weights may enter:
  w_1 = -5 and x = -1 has |f'| = 5.
"""


def relu_chain_bound(ws):
    bound = 1.0
    for w in ws:
        bound = bound * w
    return bound


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
