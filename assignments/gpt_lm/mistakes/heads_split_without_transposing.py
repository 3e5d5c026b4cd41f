"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, order_of_positions_carries_no_meaning
misconception: view(b, H, n, d/H) splits into heads
explain: You view (b, n, d) directly as (b, H, n, d/H). That cuts each sequence into H stretches of
  positions instead of each position into H heads. Split the last axis first, then move the head axis
  forward.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, H, n, d // H) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).reshape(b, n, d) @ Wo
