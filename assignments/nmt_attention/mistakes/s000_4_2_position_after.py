"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key,
  first_and_last_position_can_be_masked
misconception: off by one in the other direction
explain: You mask the key after the one that was asked for.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == (pos + 1) % K.shape[-2]
    scores = scores.masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
