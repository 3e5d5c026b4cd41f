"""
item: s004-1.02
cell: s004-1_02
why: each head meets its own rows of Wo, and the results are added
"""


def mha(X, Wq, Wk, Wv, Wo, H):
    _b, _n, d = X.shape
    if d % H:
        raise ValueError("no")
    out = 0
    w = d // H
    for h in range(H):
        c = slice(h * w, (h + 1) * w)
        q, k, v = X @ Wq[:, c], X @ Wk[:, c], X @ Wv[:, c]
        out = out + torch.softmax(q @ k.mT / math.sqrt(w), -1) @ v @ Wo[c]
    return out
