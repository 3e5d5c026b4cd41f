"""
item: s004-1.02
cell: s004-1_02
caught_by: one_head_is_plain_attention
misconception: softmax is exp over the sum of exps, whatever the scores
explain: Your exponentials overflow for large scores: inf divided by inf is no number. torch.softmax subtracts the
  largest score first.
"""


def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError(f"{d} columns cannot be shared evenly by {H} heads")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    powers = (Q @ K.transpose(-1, -2) / math.sqrt(d // H)).exp()
    weights = powers / powers.sum(-1, keepdim=True)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
