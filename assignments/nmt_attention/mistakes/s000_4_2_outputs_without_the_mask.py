"""
item: s000-4.2
cell: s000-4_2
caught_by: rest_equals_attention_without_that_key, what_the_masked_token_holds_is_irrelevant,
  masked_token_gets_no_gradient
misconception: the mask is for the weights that are shown
explain: The weights that you return are masked, but your outputs are computed with the unmasked ones.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    weights = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
    return attention(Q, K, V), weights
