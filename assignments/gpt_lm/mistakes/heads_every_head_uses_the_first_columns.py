"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: one projection is enough for all heads
explain: All your heads use the columns of head 0. Each head needs d/H columns of its own, or all of them
  compute the same.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H)[:, :, :1].expand(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
