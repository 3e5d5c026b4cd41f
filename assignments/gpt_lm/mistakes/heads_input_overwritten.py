"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_keep_precision_and_arguments
misconception: the caller no longer needs X
explain: You write into X, which belongs to the caller. Work on new tensors.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    X /= math.sqrt(d // H)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
