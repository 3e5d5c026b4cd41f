"""
item: s000-4.2
cell: s000-4_2
why: weights of 0 after the softmax, with the rest scaled back to a sum of 1
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])

    weights = torch.softmax(scores, dim=-1) * (torch.arange(K.shape[-2]) != pos).to(scores.dtype)
    weights = weights / weights.sum(dim=-1, keepdim=True)
    return weights @ V, weights
