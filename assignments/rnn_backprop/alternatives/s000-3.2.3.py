# %% autograd_inside
"""autograd of sum_i g_i . (W h_{i-1}), states held fixed"""
def dJt_dWhh(gh, h):
    W = torch.zeros(h.shape[1], h.shape[1], dtype=h.dtype, requires_grad=True)
    return torch.autograd.grad((gh * (h @ W.T)).sum(), W)[0]


# %% einsum
"""einsum over the step"""
def dJt_dWhh(gh, h):
    return torch.einsum('ta,tb->ab', gh, h)


# %% entry_by_entry_as_lists
"""one number per weight, in nested lists"""
def dJt_dWhh(gh, h):
    steps, size = gh.shape
    return [[sum(float(gh[k, a] * h[k, b]) for k in range(steps)) for b in range(size)] for a in range(size)]


# %% loop_of_outer_products
"""the sum over steps, one outer product at a time"""
def dJt_dWhh(gh, h):
    total = torch.zeros_like(torch.outer(gh[0], h[0]))
    for g, state in zip(gh, h, strict=True):
        total = total + torch.outer(g, state)
    return total


# %% numpy_inside
"""numpy; a plain array is as good as a tensor"""
def dJt_dWhh(gh, h):
    return np.sum(gh.numpy()[:, :, None] * h.numpy()[:, None, :], axis=0)
