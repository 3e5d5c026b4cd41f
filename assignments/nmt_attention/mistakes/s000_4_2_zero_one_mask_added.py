"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key
misconception: a mask of ones and one zero is added
explain: You add 1 to the scores that may be seen and 0 to the masked ones. A difference of 1 is no mask:
  the masked key keeps more than a third of its share.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores + (~hidden).to(scores.dtype)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
