"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: the heads vote, and the mean counts
explain: You average the heads and repeat the mean. Heads are put side by side, each in its own d/H columns,
  and only then mixed by Wo; an average throws away what makes them different.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).mean(1).repeat(1, 1, H) @ Wo
