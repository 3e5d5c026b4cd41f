"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: any split of d columns into H groups will do
explain: You view d columns as (d/H, H), so head h gets every H-th column. Heads get neighbouring columns: view
  them as (H, d/H).
"""


def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError(f"{d} columns cannot be shared evenly by {H} heads")
    Q, K, V = ((X @ W).view(b, n, d // H, H).permute(0, 3, 1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
