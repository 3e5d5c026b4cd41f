"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, one_head_is_plain_attention
misconception: scaling is optional
explain: Your scores are not divided by the root of the width of a head. Without it they grow with the
  width, and softmax saturates.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
