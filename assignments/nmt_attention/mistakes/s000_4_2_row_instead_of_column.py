"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key, masked_position_still_asks
misconception: queries stand in columns
explain: You mask a row. That silences the query of the position, while all others still see its key and
  value.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores = scores.masked_fill((torch.arange(Q.shape[-2]) == pos)[:, None], -1e9)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
