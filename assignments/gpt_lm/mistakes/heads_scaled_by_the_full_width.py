"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch
misconception: scores are always divided by the root of d
explain: You divide scores by the root of d. A head compares queries and keys of width d/H, so that is the
  width whose root keeps its scores at a size of about 1.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
