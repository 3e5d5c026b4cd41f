"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_keep_precision_and_arguments
misconception: float32 is always enough
explain: Somewhere on the way you go through float32 and lose half of the digits of float64. Keep the dtype
  of X throughout.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax((Q @ K.transpose(-1, -2) / math.sqrt(d // H)).float(), dim=-1).to(X.dtype)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
