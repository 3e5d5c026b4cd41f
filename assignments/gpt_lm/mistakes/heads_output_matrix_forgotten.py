"""
item: s004-1.02
cell: s004-1_02
caught_by: heads_agree_with_pytorch, one_head_is_plain_attention
misconception: putting the heads side by side is the end
explain: Your heads stay in separate columns: the product with Wo, which mixes them, is missing.
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("d is not a multiple of H")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d)
