"""
item: s000-4.2
cell: s000-4_2
caught_by: rest_equals_attention_without_that_key
misconception: the mask cuts the sequence
explain: You mask all keys up to the position. Only the one key is to be hidden.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) <= min(pos, K.shape[-2] - 2)
    scores = scores.masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
