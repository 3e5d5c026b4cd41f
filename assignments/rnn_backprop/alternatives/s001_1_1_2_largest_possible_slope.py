"""
item: s001-1.1.2
cell: s001-1_1_2
why: computes the slope of the chain with all gates open, with the function of the first item
"""


def relu_chain_bound(ws):
    return relu_chain_grad([abs(w) for w in ws], 1.0)


def dead_example():
    ws, x = [9.0] * 12, -3
    assert float(relu_chain_grad(ws, x)) == 0
    return [ws, x]
