"""
item: s001-1.1.1
cell: s001-1_1_1
why: runs the chain and lets autograd differentiate it
"""


def relu_chain_grad(ws, x):
    ws = torch.as_tensor(ws)
    start = torch.as_tensor(x).detach().clone().to(ws.dtype).requires_grad_(True)
    h = start
    for w in ws:
        h = torch.relu(w * h)
    (slope,) = torch.autograd.grad(h, start)
    return slope


necessarily = {"vanish": False, "explode": False}
