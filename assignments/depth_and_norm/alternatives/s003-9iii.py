# %% by_autograd
"""asks autograd, row by row in one sum"""
mc_grad = {"b"}


def ce_grad(logits, y):
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    F.cross_entropy(z, torch.as_tensor(np.array(y)), reduction="sum").backward()
    return z.grad


# %% one_hot
"""probabilities from logsumexp, minus a table of ones"""
mc_grad = "B"


def ce_grad(logits, y):
    z = torch.as_tensor(np.array(logits))
    p = torch.exp(z - torch.logsumexp(z, 1, keepdim=True))
    return (p - F.one_hot(torch.as_tensor(np.array(y)), z.shape[1])).numpy()


# %% row_by_row
"""a list of rows"""
def ce_grad(logits, y):
    rows = []
    for z, right in zip(logits, y, strict=True):
        e = [math.exp(v - max(z)) for v in z]
        rows.append([v / sum(e) - (1.0 if k == right else 0.0) for k, v in enumerate(e)])
    return rows
