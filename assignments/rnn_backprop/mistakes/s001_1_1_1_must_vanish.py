"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_neither_must_vanish_nor_explode
misconception: a lower bound of 0 means that gradients vanish
explain: The slope can be 0, but it need not be: for every positive input it is 1 at any depth. So nothing
  has to vanish.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": True, "explode": False}
