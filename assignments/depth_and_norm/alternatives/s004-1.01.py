# %% by_torch
"""torch's own attention"""
def self_attention(X, Wq, Wk, Wv):
    return F.scaled_dot_product_attention(X @ Wq, X @ Wk, X @ Wv)


# %% by_einsum
"""einsum, the scaling inside of the queries"""
def self_attention(X, Wq, Wk, Wv):
    q = torch.einsum("...nd,dk->...nk", X, Wq / Wq.shape[1] ** 0.5)
    scores = torch.einsum("...nk,...mk->...nm", q, torch.einsum("...nd,dk->...nk", X, Wk))
    return torch.einsum("...nm,...mv->...nv", scores.softmax(-1), torch.einsum("...nd,dv->...nv", X, Wv))


# %% by_loops
"""a query at a time, exp of what the largest score was taken off"""
def self_attention(X, Wq, Wk, Wv):
    if X.dim() == 3:
        return torch.stack([self_attention(x, Wq, Wk, Wv) for x in X])
    rows = []
    for x in X:
        scores = (X @ Wk) @ (x @ Wq) / math.sqrt(Wq.shape[1])
        w = torch.exp(scores - scores.max())
        rows.append((w / w.sum()) @ (X @ Wv))
    return torch.stack(rows)
