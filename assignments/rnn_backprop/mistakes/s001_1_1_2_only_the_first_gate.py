"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_for_any_weights, chain_gate_looks_at_the_preactivation, chain_slope_in_edge_cases
misconception: once through the first ReLU, the gradient is free
explain: You test the gate of layer 1 only. Every later layer has a gate too, and a negative weight there
  shuts it.
"""


def relu_chain_grad(ws, x):
    slope = 1.0
    for w in ws:
        slope = slope * w
    return slope if ws[0] * x > 0 else 0.0 * slope


necessarily = {"vanish": False, "explode": False}
