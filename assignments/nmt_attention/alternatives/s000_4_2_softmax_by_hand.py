"""
item: s000-4.2
cell: s000-4_2
why: subtracts the largest allowed score, so that nothing overflows
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])

    kept = torch.ones(K.shape[-2], dtype=scores.dtype)
    kept[pos] = 0
    top = scores.masked_fill(kept == 0, -math.inf).amax(dim=-1, keepdim=True).detach()
    raised = torch.exp((scores - top) * kept) * kept
    weights = raised / raised.sum(dim=-1, keepdim=True)
    return weights @ V, weights
