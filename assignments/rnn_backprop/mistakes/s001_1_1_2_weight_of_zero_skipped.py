"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_slope_in_edge_cases
misconception: a weight of 0 means that there is no connection to count
explain: You leave out weights that are 0. Such a layer passes nothing on, so the slope of the whole chain
  is 0.
"""


def relu_chain_grad(ws, x):
    ws = [w for w in ws if w != 0]
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        slope = slope * (w if z > 0 else 0.0 * w)
        h = max(z, 0.0 * z)
    return slope


necessarily = {"vanish": False, "explode": False}
