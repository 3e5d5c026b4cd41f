"""
item: s004-1.02
cell: s004-1_02
caught_by: uneven_heads_are_refused
misconception: leftover columns can be dropped
explain: When d is not a multiple of H you quietly work with fewer columns than there are. Nobody would
  notice in training; refuse it with a ValueError.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    w = d // H
    Q, K, V = ((X @ W)[..., : H * w].view(b, n, H, w).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(max(w, 1)), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, H * w) @ Wo[: H * w]
