# %% by_products
"""the product of 1 + 1/k, and Jacobians one after the other"""
def gradient_bound(L, l, d):
    return d**0.5 * math.prod(1 + 1 / k for k in range(2 * l + 1, 2 * L + 1))


def grad_layer(gL, x0, L, l):
    d = len(x0)
    P = np.eye(d) - np.ones((d, d)) / d - np.outer(x0, x0) / d
    g = np.array(gL)
    for k in range(2 * L, 2 * l, -1):
        g = g + P @ g / k
    return g


# %% by_autograd
"""autograd through the stack, and the bound from a sum of logarithms"""
def gradient_bound(L, l, d):
    return torch.exp(torch.log1p(1 / torch.arange(2 * l + 1, 2 * L + 1, dtype=torch.float64)).sum()) * d**0.5


def grad_layer(gL, x0, L, l):
    x = torch.tensor((2 * l + 1) * np.array(x0), requires_grad=True)
    out = x * 1.0
    for _ in range(2 * (L - l)):
        out = out + LN(out)
    return torch.autograd.grad(out, x, torch.tensor(gL))[0]


# %% by_own_backward
"""goes down with the backward pass of part 2"""
def grad_layer(gL, x0, L, l):
    g = np.array(gL)
    for k in reversed(range(2 * l + 1, 2 * L + 1)):
        g = g + layernorm_backward(g, k * x0)
    return list(g)
