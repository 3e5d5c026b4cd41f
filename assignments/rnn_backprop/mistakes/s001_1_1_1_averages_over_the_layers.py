"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides, ones_chain_slope_at_any_depth
misconception: the gradient is shared out among the layers
explain: Your slope falls like one over the depth. A gradient is not divided among the layers: each one
  passes on the whole of it, times its factor.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product / len(ws) if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": False, "explode": False}
