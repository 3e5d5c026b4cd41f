"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_tiny_huge_and_zero
misconception: x / |x| is the sign of x everywhere
explain: At x = 0 your formula divides 0 by 0. There the slope may be any number from 0 to 1, but it has
  to be a number.
"""


def relu_chain_grad(ws, x):
    ws, x = torch.as_tensor(ws), torch.as_tensor(x)
    first = ws[0] * x
    gate = (1 + first / first.abs()) / 2
    return gate * ws.prod() * bool((ws[1:] > 0).all())


necessarily = {"vanish": False, "explode": False}
