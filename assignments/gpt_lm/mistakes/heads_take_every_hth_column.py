"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: columns are dealt out to the heads like cards
explain: Your head h takes columns h, h + H, h + 2H and so on. A head has d/H neighbouring columns: split
  the last axis into (H, d/H), in this order.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, d // H, H).permute(0, 3, 1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).permute(0, 2, 3, 1).reshape(b, n, d) @ Wo
