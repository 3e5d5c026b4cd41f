"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_for_any_weights, chain_gate_looks_at_the_preactivation
misconception: negative input means a dead chain
explain: You demand that x and all weights are positive. Layer 1 sees w_1 x, which is positive for two
  negative numbers as well.
"""


def relu_chain_grad(ws, x):
    slope = 1.0
    for w in ws:
        slope = slope * w
    return slope if x > 0 and all(w > 0 for w in ws) else 0.0 * slope


necessarily = {"vanish": False, "explode": False}
