# %% autograd
"""runs the chain and lets autograd differentiate it"""
def relu_chain_grad(ws, x):
    ws = torch.as_tensor(ws)
    start = torch.as_tensor(x).detach().clone().to(ws.dtype).requires_grad_(True)
    h = start
    for w in ws:
        h = torch.relu(w * h)
    (slope,) = torch.autograd.grad(h, start)
    return slope


# %% half_at_the_kink
"""takes 1/2 as the slope at 0, which is as good as any number from 0 to 1"""
def relu_chain_grad(ws, x):
    slope, h = 1.0, x
    for w in ws:
        z = w * h
        slope = slope * w * (1.0 if z > 0 else 0.5 if z == 0 else 0.0)
        h = z if z > 0 else 0.0 * z
    return slope

necessarily = {"explode": "false", "vanish": "False"}


# %% plain_float
"""takes everything as floats and returns a float"""
def relu_chain_grad(ws, x):
    ws = [float(w) for w in ws]
    return float(np.prod(ws)) * float(ws[0] * float(x) > 0 and min(ws[1:], default=1.0) > 0)

necessarily = {"vanish": np.bool_(False), "explode": 0}


# %% recursion
"""peels off the first layer and calls itself on the rest"""
def relu_chain_grad(ws, x):
    if len(ws) == 0:
        return 1.0
    z = ws[0] * x
    if z <= 0:
        return 0.0 * ws[0]
    return ws[0] * relu_chain_grad(ws[1:], z)
