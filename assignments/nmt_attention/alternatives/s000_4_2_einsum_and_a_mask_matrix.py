"""
item: s000-4.2
cell: s000-4_2
why: a full matrix of zeros and minus infinity is added
"""


def masked_attention(Q, K, V, pos):
    n = K.size(-2)
    mask = torch.zeros(n, n, dtype=Q.dtype)
    mask[:, pos] = float("-inf")
    scores = torch.einsum("...ih,...jh->...ij", Q, K) / math.sqrt(K.size(-1)) + mask
    weights = torch.nn.Softmax(dim=-1)(scores)
    return torch.einsum("...ij,...jd->...id", weights, V), weights
