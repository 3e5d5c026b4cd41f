"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, rows_of_wo_belong_to_heads
misconception: heads differ in their values only
explain: You average the weights over the heads, so that every head attends to the same places. Each head has
  weights of its own, from its own columns of queries and keys; that is what several heads are for.
"""


def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError(f"{d} columns cannot be shared evenly by {H} heads")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1).mean(1, keepdim=True)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
