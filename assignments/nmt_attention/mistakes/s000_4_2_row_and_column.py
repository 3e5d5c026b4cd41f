"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_position_still_asks
misconception: a masked token takes no part at all
explain: You also take away the query of the masked position. It may look at the others; only its key and
  value are hidden.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    weights = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
    weights = weights * (~hidden)[:, None].to(weights.dtype)
    return weights @ V, weights
