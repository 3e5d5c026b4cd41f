"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_for_any_weights, chain_gate_looks_at_the_preactivation, chain_slope_in_edge_cases
misconception: the slope is the product of the weights
explain: You multiply the weights and never ask which neurons are on. One neuron that is off makes the
  whole product 0.
"""


def relu_chain_grad(ws, x):
    slope = 1.0
    for w in ws:
        slope = slope * w
    return slope


necessarily = {"vanish": False, "explode": False}
