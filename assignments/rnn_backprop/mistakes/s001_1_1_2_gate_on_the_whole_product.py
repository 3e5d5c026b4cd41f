"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_gate_looks_at_the_preactivation
misconception: two negative weights cancel
explain: You test the sign of the product of x and all weights. Two negative weights later in the chain do
  not cancel: the first of them already gives 0.
"""


def relu_chain_grad(ws, x):
    slope = 1.0
    for w in ws:
        slope = slope * w
    return slope if slope * x > 0 else 0.0 * slope


necessarily = {"vanish": False, "explode": False}
