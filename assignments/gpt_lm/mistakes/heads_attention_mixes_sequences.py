"""
item: s004-1.02
cell: s004-1_02
caught_by: sequences_of_a_batch_stand_alone
misconception: the batch is one long sequence
explain: Your sequences attend to each other: the batch axis was folded into the positions. Every sequence
  is on its own.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    b, n, X, shape = 1, b * n, X.reshape(1, b * n, d), X.shape
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(shape) @ Wo
