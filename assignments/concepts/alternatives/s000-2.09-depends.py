# %% by_nudges
"""moves one input at a time and looks which outputs move"""
def depends(model, x):
    with torch.no_grad():
        base = model(x)
        columns = []
        for s in range(x.shape[0]):
            moved = x.clone()
            moved[s] += 0.5
            columns.append(((model(moved) - base).abs() > 1e-10).any(dim=1))
    return torch.stack(columns, dim=1).tolist()


# %% by_backward
"""a random combination of each output's numbers, and one backward for each"""
def depends(model, x):
    leaf = x.detach().clone().requires_grad_(True)
    y = model(leaf)
    rows = []
    for t in range(len(x)):
        (slope,) = torch.autograd.grad((y[t] * (1.3 + torch.arange(y.shape[1]))).sum(), leaf, retain_graph=True)
        rows.append(slope.abs().sum(dim=1) > 1e-12)
    return torch.stack(rows)


# %% by_zeros_and_others
"""puts other vectors in place of an input, several times"""
def depends(model, x):
    n, found = len(x), np.zeros((len(x), len(x)), dtype=int)
    drawn = torch.Generator().manual_seed(0)
    for s in range(n):
        for _ in range(3):
            other = x.clone()
            other[s] = torch.randn(x.shape[1], generator=drawn, dtype=x.dtype)
            found[:, s] |= ((model(other) - model(x)).abs().sum(1) > 1e-9).detach().numpy()
    return found
