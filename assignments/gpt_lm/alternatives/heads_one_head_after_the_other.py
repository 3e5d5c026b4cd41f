"""
item: s004-1.02
cell: s004-1_02
why: a loop over heads does the same as a batch axis
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.shape[-1]
    if d % H != 0:
        raise ValueError("uneven")
    w, parts = d // H, []
    for h in range(H):
        c = slice(h * w, (h + 1) * w)
        q, k, v = X @ Wq[:, c], X @ Wk[:, c], X @ Wv[:, c]
        parts.append(torch.softmax(q @ k.mT * w**-0.5, dim=-1) @ v)
    return torch.cat(parts, dim=-1) @ Wo
