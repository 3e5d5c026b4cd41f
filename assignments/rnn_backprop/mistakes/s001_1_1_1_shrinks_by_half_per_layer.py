"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides, ones_chain_slope_at_any_depth
misconception: every activation shrinks the gradient
explain: Your slope is halved in every layer. An open ReLU has slope 1, so it passes the gradient on
  unchanged; it is the sigmoid that shrinks it.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w * 0.5
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": False, "explode": False}
