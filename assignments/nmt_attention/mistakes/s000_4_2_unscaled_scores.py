"""
item: s000-4.2
cell: s000-4_2
caught_by: rest_equals_attention_without_that_key
misconception: softmax of plain dot products
explain: The mask holds, but the scores are not scaled by the root of the width.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2)
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
