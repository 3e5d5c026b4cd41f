"""
item: s001-1.1.2
cell: s001-1_1_1
why: multiplies each weight by its gate, in one expression with tensors
"""


def relu_chain_grad(ws, x):
    weights = torch.as_tensor(ws)
    gates = weights > 0
    gates[0] = weights[0] * x > 0
    return (weights * gates).prod()


necessarily = {"vanish": False, "explode": False}
