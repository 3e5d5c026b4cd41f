"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key,
  what_the_masked_token_holds_is_irrelevant
misconception: a mask is lower triangular
explain: You hide the future from each query. Queries after the masked position still see it, and earlier
  ones lose keys that they may see.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    later = torch.triu(torch.ones(scores.shape[-2:], dtype=torch.bool), diagonal=1)
    scores = scores.masked_fill(later, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
