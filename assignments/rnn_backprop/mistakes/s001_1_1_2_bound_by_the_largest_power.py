"""
item: s001-1.1.2
cell: s001-1_1_2
caught_by: chain_bound_is_sharp, chain_bound_in_edge_cases
misconception: every layer is as strong as the strongest
explain: Your bound holds but is too large: it treats every layer as if it had the largest weight. You
  know all of them, so use them all.
"""


def relu_chain_bound(ws):
    return max(abs(w) for w in ws) ** len(ws)


def dead_example():
    return [2.0, 3.0, 1.5], -1.0
