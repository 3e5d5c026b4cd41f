"""
item: s001-1.1.2
cell: s001-1_1_1
why: autograd follows the values through the gates; keeps the dtype of the weights
"""


def relu_chain_grad(ws, x):
    ws = torch.as_tensor(ws)
    with torch.enable_grad():
        start = torch.as_tensor(x).detach().clone().to(ws.dtype).requires_grad_(True)
        h = start
        for w in ws:
            h = torch.clamp(w * h, min=0)
        h.backward()
    return start.grad


necessarily = {"vanish": False, "explode": False}
