"""
item: s000-4.2
cell: s000-4_2
why: the most negative number of the dtype
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores[..., pos] = torch.finfo(scores.dtype).min
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
