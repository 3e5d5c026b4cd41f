"""
item: s000-4.2
cell: s000-4_2
why: scores lie between -10 000 and 10 000: 30 000 less is below all of them
"""


def masked_attention(Q, K, V, pos):
    bias = torch.zeros(K.shape[-2], dtype=Q.dtype)
    bias[pos] = -3e4
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]) + bias, dim=-1)
    return weights @ V, weights
