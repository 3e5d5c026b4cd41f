"""
item: s004-1.02
cell: s004-1_02
why: queries, keys and values by one product with the three matrices side by side
"""


def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("no")
    qkv = (X @ torch.cat([Wq, Wk, Wv], 1)).reshape(b, n, 3, H, d // H).permute(2, 0, 3, 1, 4)
    q, k, v = qkv
    return torch.einsum("bhnm,bhmc->bnhc", (q @ k.mT / (d / H) ** 0.5).softmax(-1), v).flatten(-2) @ Wo
