"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_bound_is_sharp, chain_bound_in_edge_cases
misconception: the weakest layer limits the gradient
explain: You take the smallest weight as the limit. Later layers can enlarge again what a weak layer has
  made small.
"""


def relu_chain_bound(ws):
    return min(abs(w) for w in ws)


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
