# %% entry_by_entry
"""the two cases a = b and a != b, written out"""
def softmax_jacobian(o):
    if o.ndim > 1:
        return torch.stack([softmax_jacobian(row) for row in o])
    p = torch.softmax(o, dim=0)
    K = len(p)
    return torch.stack([torch.stack([p[a] * (float(a == b) - p[b]) for b in range(K)]) for a in range(K)])


# %% rows_scaled
"""diag(p) (I - 1 p^T): the rows of I - 1 p^T, each times its probability"""
def softmax_jacobian(o):
    p = torch.softmax(o, dim=-1)
    same = torch.eye(o.shape[-1], dtype=o.dtype)
    return p.unsqueeze(-1) * (same - p.unsqueeze(-2))


# %% einsum_in_float64
"""works in float64 and returns the dtype of the logits; log-probabilities inside"""
def softmax_jacobian(o):
    p = torch.exp(torch.log_softmax(o.double(), dim=-1))
    return (torch.diag_embed(p) - torch.einsum("...a,...b->...ab", p, p)).to(o.dtype)


# %% autograd_of_both
"""the derivative that autograd takes is the derivative"""
def dJ_dyhat(yhat, y):
    leaf = yhat.detach().clone().requires_grad_()
    return torch.autograd.grad(-(y * torch.log(leaf)).sum(), leaf)[0]


def softmax_jacobian(o):
    flat = [torch.autograd.functional.jacobian(lambda v: torch.softmax(v, 0), row) for row in o.reshape(-1, o.shape[-1])]
    return torch.stack(flat).reshape(*o.shape, o.shape[-1])


# %% numpy_arrays
"""numpy with a shift per row; an array is as good as a tensor"""
def dJ_dyhat(yhat, y):
    return np.divide(-y.numpy(), yhat.numpy())


def softmax_jacobian(o):
    logits = o.numpy()
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return p[..., None] * np.eye(p.shape[-1], dtype=p.dtype) - p[..., None] * p[..., None, :]

# %% nested_lists
"""numbers in nested lists, entry by entry, are as good as a tensor"""
def softmax_jacobian(o):
    if o.ndim > 1:
        return [softmax_jacobian(row) for row in o]
    p = torch.softmax(o, dim=-1)
    return [[p[a] - p[a] * p[b] if a == b else -p[a] * p[b] for b in range(len(p))] for a in range(len(p))]
