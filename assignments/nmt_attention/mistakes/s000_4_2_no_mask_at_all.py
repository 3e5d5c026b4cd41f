"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rest_equals_attention_without_that_key,
  what_the_masked_token_holds_is_irrelevant, masked_token_gets_no_gradient
misconception: the position is only an argument
explain: Nothing is masked: key and value of the position are still used.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
