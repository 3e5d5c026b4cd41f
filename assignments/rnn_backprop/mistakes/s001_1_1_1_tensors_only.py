"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_takes_lists_and_tensors
misconception: weights always come as a tensor
explain: Your function calls tensor methods on what it gets. The weights may also be a plain list and x a
  plain float.
"""


def relu_chain_grad(ws, x):
    gates_are_open = (ws[0] * x > 0) & (ws[1:] > 0).all()
    return ws.prod() * gates_are_open


necessarily = {"vanish": False, "explode": False}
