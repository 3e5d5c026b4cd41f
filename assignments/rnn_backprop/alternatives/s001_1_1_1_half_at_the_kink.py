"""
item: s001-1.1.1
cell: s001-1_1_1
why: takes 1/2 as the slope at 0, which is as good as any number from 0 to 1
"""


def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        slope = slope * w * (1.0 if z > 0 else 0.5 if z == 0 else 0.0)
        h = z if z > 0 else 0.0 * z
    return slope


necessarily = {"explode": "false", "vanish": "False"}
