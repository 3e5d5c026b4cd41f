# %% by_autograd
"""asks autograd"""
def layer_norm_backward(g, x, weight, eps=1e-5):
    with torch.enable_grad():
        own = [x.detach().clone().requires_grad_(True), weight.detach().clone().requires_grad_(True)]
        bias = torch.zeros_like(weight, requires_grad=True)
        out = F.layer_norm(own[0], x.shape[-1:], own[1], bias, eps)
        return torch.autograd.grad(out, [*own, bias], g)


# %% flattened
"""one axis of rows, and matrix products for the sums"""
def layer_norm_backward(g, x, weight, eps=1e-5):
    d = x.shape[-1]
    G, X = g.reshape(-1, d), x.reshape(-1, d)
    rstd = torch.rsqrt(X.var(1, unbiased=False, keepdim=True) + eps)
    Y = (X - X.mean(1, keepdim=True)) * rstd
    GW = G * weight
    dX = rstd / d * (d * GW - GW.sum(1, keepdim=True) - Y * (GW * Y).sum(1, keepdim=True))
    return [dX.reshape(x.shape), torch.einsum("nd,nd->d", G, Y), torch.ones(len(G), dtype=x.dtype) @ G]


# %% in_steps
"""through the variance and the mean, one step after the other"""
def layer_norm_backward(g, x, weight, eps=1e-5):
    d = x.shape[-1]
    mean = x.mean(-1, keepdim=True)
    var = ((x - mean) ** 2).mean(-1, keepdim=True)
    inv = (var + eps) ** -0.5
    dy = g * weight
    dvar = (dy * (x - mean) * -0.5 * inv**3).sum(-1, keepdim=True)
    dmean = -(dy * inv).sum(-1, keepdim=True) - 2 * dvar * (x - mean).mean(-1, keepdim=True)
    dx = dy * inv + dvar * 2 * (x - mean) / d + dmean / d
    return dx, (g * (x - mean) * inv).reshape(-1, d).sum(0), g.reshape(-1, d).sum(0)
