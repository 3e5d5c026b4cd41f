"""
item: s001-1.1.2
cell: s001-1_1_1
why: follows value and slope together, layer by layer
"""


def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        on = 1.0 if z > 0 else 0.0
        slope, h = slope * w * on, z * on
    return float(slope)


necessarily = {"vanish": False, "explode": False}
