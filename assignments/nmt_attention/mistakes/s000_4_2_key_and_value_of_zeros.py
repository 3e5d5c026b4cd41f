"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key
misconception: zeros take part in nothing
explain: You set key and value to zeros. The score is then 0, which is a score like any other, and takes
  weight from the rest.
"""


def masked_attention(Q, K, V, pos):
    kept = (torch.arange(K.shape[-2]) != pos)[:, None].to(K.dtype)
    K, V = K * kept, V * kept
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
