"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key
misconception: without a value nothing is seen
explain: You set the value to zeros. The key still draws weight away from the others, so the remaining
  weights are too small.
"""


def masked_attention(Q, K, V, pos):
    V = V * (torch.arange(V.shape[-2]) != pos)[:, None].to(V.dtype)
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
