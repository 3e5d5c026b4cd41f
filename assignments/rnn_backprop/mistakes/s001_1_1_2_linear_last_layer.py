"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_in_edge_cases
misconception: the output layer has no activation
explain: Your last layer has no ReLU. In this chain every layer ends in one, the last included.
"""


def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws[:-1]:
        z = w * h
        slope = slope * (w if z > 0 else 0.0 * w)
        h = max(z, 0.0 * z)
    return slope * ws[-1]


necessarily = {"vanish": False, "explode": False}
