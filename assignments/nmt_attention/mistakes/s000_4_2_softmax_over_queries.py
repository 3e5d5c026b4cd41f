"""
item: s000-4.2
cell: s000-4_2
caught_by: rows_still_sum_to_one, rest_equals_attention_without_that_key
misconception: softmax over the first of the two axes
explain: Your weights sum to 1 over the queries. Each query distributes a total of 1 over the keys that it
  may see.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, -1e9)
    weights = torch.softmax(scores, dim=-2) * (~hidden).to(scores.dtype)
    return weights @ V, weights
