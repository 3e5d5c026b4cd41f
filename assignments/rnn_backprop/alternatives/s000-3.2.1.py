# %% autograd_inside
"""autograd of the loss gives the same gradient"""
def dJ_do(o, y):
    leaf = o.detach().clone().requires_grad_()
    loss = -(y * torch.log_softmax(leaf, dim=-1)).sum()
    return torch.autograd.grad(loss, leaf)[0]


# %% float64_inside
"""computes in float64 and returns the dtype of the logits"""
def dJ_do(o, y):
    return (torch.softmax(o.double(), dim=-1) - y.double()).to(o.dtype)


# %% numpy_inside
"""numpy with a shift per row; an array is as good as a tensor"""
def dJ_do(o, y):
    logits, target = o.detach().numpy(), y.detach().numpy()
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - target


# %% row_by_row
"""one row at a time, by recursion over leading axes; returns a list where there are rows"""
def dJ_do(o, y):
    if o.ndim > 1:
        return [dJ_do(row, target) for row, target in zip(o, y, strict=True)]
    return torch.softmax(o, dim=0) - y


# %% targets_of_any_sum
"""(sum of y) p - y is the general form; for targets that sum to 1 it is p - y"""
def dJ_do(o, y):
    p = torch.exp(o - torch.logsumexp(o, dim=-1, keepdim=True))
    return y.sum(dim=-1, keepdim=True) * p - y
