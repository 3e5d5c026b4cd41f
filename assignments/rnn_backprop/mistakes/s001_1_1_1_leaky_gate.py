"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides
misconception: a shut gate leaks a little
explain: For negative inputs your slope is small but not 0. That is a leaky ReLU; the plain ReLU is flat
  on the left.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    h = x
    for w in ws:
        z = w * h
        product = product * w * (1.0 if z > 0 else 0.01)
        h = z if z > 0 else 0.01 * z
    return product


necessarily = {"vanish": False, "explode": False}
