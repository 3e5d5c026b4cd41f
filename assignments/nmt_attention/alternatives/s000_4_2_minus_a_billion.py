"""
item: s000-4.2
cell: s000-4_2
why: a billion is far beyond any score that occurs
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores + torch.where(hidden, -1e9, 0.0)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
