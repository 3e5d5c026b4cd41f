"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_for_any_weights, chain_gate_looks_at_the_preactivation, chain_slope_in_edge_cases
misconception: a neuron is on if the state before it is positive
explain: You open the gate of layer i where h_{i-1} is positive. The ReLU sees w_i h_{i-1}: a negative
  weight turns the sign round, so w = -2 and x = 1 gives a flat 0.
"""


def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        slope = slope * (w if h >= 0 else 0.0 * w)
        h = max(w * h, 0.0 * h)
    return slope


necessarily = {"vanish": False, "explode": False}
