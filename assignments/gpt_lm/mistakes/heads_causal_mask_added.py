"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, order_of_positions_carries_no_meaning
misconception: attention always has a mask
explain: Your attention hides later positions. That belongs into the next exercise; here every position
  attends to every other.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    scores = Q @ K.transpose(-1, -2) / math.sqrt(d // H)
    weights = torch.softmax(scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
