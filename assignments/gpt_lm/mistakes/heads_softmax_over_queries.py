"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, one_head_is_plain_attention
misconception: softmax over either axis of the scores
explain: Your softmax runs over queries. Each query shares out a weight of 1 over the keys, so the sums over
  the last axis have to be 1.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-2)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
