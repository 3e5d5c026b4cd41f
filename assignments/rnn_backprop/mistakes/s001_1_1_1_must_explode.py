"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_neither_must_vanish_nor_explode
misconception: without a factor below 1 gradients explode
explain: Nothing here is above 1: with weights 1 every factor is 0 or 1, so the gradient cannot grow at
  all.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": False, "explode": True}
