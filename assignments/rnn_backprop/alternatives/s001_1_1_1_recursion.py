"""
item: s001-1.1.1
cell: s001-1_1_1
why: peels off the first layer and calls itself on the rest
"""


def relu_chain_grad(ws, x):
    if len(ws) == 0:
        return 1.0
    z = ws[0] * x
    if z <= 0:
        return 0.0 * ws[0]
    return ws[0] * relu_chain_grad(ws[1:], z)


necessarily = {"vanish": False, "explode": False}
