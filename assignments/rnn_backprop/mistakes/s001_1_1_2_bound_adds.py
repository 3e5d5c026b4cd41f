"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_bound_is_sharp, chain_bound_in_edge_cases
misconception: the sizes of the layers add up
explain: You add the sizes of the weights. The layers are nested, so their factors multiply.
"""


def relu_chain_bound(ws):
    return sum(abs(w) for w in ws)


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
