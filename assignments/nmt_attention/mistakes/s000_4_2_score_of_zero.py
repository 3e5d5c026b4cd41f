"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key
misconception: a score of 0 means no attention
explain: The masked key ends up with a score of 0, which is also what a key of zeros gives. The exponential
  of 0 is 1, so it keeps a weight; which score has an exponential of 0?
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, 0.0)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
