"""
item: s000-4.2
cell: s000-4_2
caught_by: rows_still_sum_to_one, rest_equals_attention_without_that_key
misconception: a weight may simply be struck out
explain: You set weights to 0 after the softmax. What the masked key had is lost, and the rows no longer sum
  to 1.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    weights = torch.softmax(scores, dim=-1).masked_fill(hidden, 0.0)
    return weights @ V, weights
