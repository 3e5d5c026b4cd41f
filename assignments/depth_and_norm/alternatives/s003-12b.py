# %% by_outputs
"""in terms of the output y: (g - y mean(g y)) / sigma"""
def normalize_backward(g, z):
    sigma = np.sqrt(np.mean(np.square(z), axis=-1, keepdims=True))
    y = z / sigma
    return (g - y * np.mean(g * y, axis=-1, keepdims=True)) / sigma


def layernorm_backward(g, x):
    back = normalize_backward(g, x - np.mean(x, axis=-1, keepdims=True))
    return back - np.mean(back, axis=-1, keepdims=True)


# %% by_elements
"""elementwise, through sigma squared, as the source has it"""
def normalize_backward(g, z):
    square = np.mean(z * z, axis=-1, keepdims=True)
    return (g * square - z * np.sum(g * z, axis=-1, keepdims=True) / z.shape[-1]) / (square * np.sqrt(square))


def layernorm_backward(g, x):
    z = x - x.mean(axis=-1, keepdims=True)
    square = np.mean(z * z, axis=-1, keepdims=True)
    s, y, d = np.sqrt(square), z / np.sqrt(square), x.shape[-1]
    return (d * g - g.sum(-1, keepdims=True) - y * (g * y).sum(-1, keepdims=True)) / (d * s)


# %% by_jacobians
"""one row at a time, with the matrices written out"""
def normalize_backward(g, z):
    if np.ndim(z) == 2:
        return np.array([normalize_backward(a, b) for a, b in zip(g, z, strict=True)])
    length = np.linalg.norm(z)
    unit = z / length
    return np.sqrt(len(z)) / length * (np.eye(len(z)) - np.outer(unit, unit)) @ g


def layernorm_backward(g, x):
    if np.ndim(x) == 2:
        return np.stack([layernorm_backward(a, b) for a, b in zip(g, x, strict=True)])
    P = np.eye(len(x)) - 1 / len(x)
    return P @ normalize_backward(g, P @ x)


# %% by_autograd
"""autograd, in torch tensors"""
def normalize_backward(g, z):
    t = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(t / t.square().mean(-1, keepdim=True).sqrt(), t, torch.tensor(g))[0]


def layernorm_backward(g, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    z = t - t.mean(-1, keepdim=True)
    return torch.autograd.grad(z / z.square().mean(-1, keepdim=True).sqrt(), t, torch.tensor(g))[0]


# %% centring_first
"""the two ways back in the other order: z is centred, so they commute"""
def layernorm_backward(g, x):
    return normalize_backward(demean_backward(g), centre(x))
