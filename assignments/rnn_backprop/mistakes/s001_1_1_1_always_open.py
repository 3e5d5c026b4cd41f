"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides, ones_chain_slope_tiny_huge_and_zero
misconception: with weights 1 nothing can stop the gradient
explain: Your slope is 1 everywhere. For a negative input the first ReLU gives 0 and stays at 0 when x is
  nudged.
"""


def relu_chain_grad(ws, x):
    product = 1.0
    for w in ws:
        product = product * w
    return product


necessarily = {"vanish": False, "explode": False}
