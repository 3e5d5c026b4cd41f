"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch
misconception: W multiplies from the left, as nn.Linear stores it
explain: You multiply by the transposed matrices, as nn.Linear does with its weight. Here the matrices come
  as X @ W.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W.T).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
