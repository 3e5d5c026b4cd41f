"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_neither_must_vanish_nor_explode
misconception: deep networks always have both troubles
explain: Both answers claim something for every input. Compare a positive and a negative input: neither of
  the two happens to all.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": True, "explode": True}
