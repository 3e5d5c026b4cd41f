"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key
misconception: adding a matrix of zeros and ones masks
explain: You add zeros and ones to the scores. That shifts some of them a little and hides nothing.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores = scores + torch.tril(torch.ones(scores.shape[-2:], dtype=scores.dtype))
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
