"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides, ones_chain_slope_tiny_huge_and_zero
misconception: f(x) in place of its derivative
explain: You return f(x), the output of the chain. Asked is by how much the output moves when x does.
"""


def relu_chain_grad(ws, x):
    h = x
    for w in ws:
        h = max(w * h, 0.0 * h)
    return h


necessarily = {"vanish": False, "explode": False}
