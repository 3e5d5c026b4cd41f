"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: the order of the heads does not matter
explain: Your heads come back in another order than they went out. Rows of Wo belong to heads, so head 0 has
  to meet the first d/H rows.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).flip(1).transpose(1, 2).reshape(b, n, d) @ Wo
