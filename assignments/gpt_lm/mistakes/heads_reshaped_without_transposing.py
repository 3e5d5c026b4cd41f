"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, order_of_positions_carries_no_meaning
misconception: reshape brings the axes into order
explain: Your heads come back with shape (b, H, n, d/H), and reshape alone reads that in memory order:
  numbers of different positions end up in one row. The axes of heads and positions have to change places
  first.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).reshape(b, n, d) @ Wo
