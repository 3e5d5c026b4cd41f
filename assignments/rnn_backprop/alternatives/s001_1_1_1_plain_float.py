"""
item: s001-1.1.1
cell: s001-1_1_1
why: takes everything as floats and returns a float
"""


def relu_chain_grad(ws, x):
    ws = [float(w) for w in ws]
    return float(np.prod(ws)) * float(ws[0] * float(x) > 0 and min(ws[1:], default=1.0) > 0)


necessarily = {"vanish": np.bool_(False), "explode": 0}
