"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_for_any_weights, chain_gate_looks_at_the_preactivation, chain_slope_in_edge_cases
misconception: a gradient is a size
explain: Your slope is never negative. With w_1 < 0 and x < 0 the chain is on and falls as x grows, so its
  slope is negative.
"""


def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        slope = slope * (abs(w) if z > 0 else 0.0 * w)
        h = max(z, 0.0 * z)
    return slope


necessarily = {"vanish": False, "explode": False}
