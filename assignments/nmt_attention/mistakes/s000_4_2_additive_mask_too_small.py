"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_against_extreme_scores
misconception: minus ten thousand is minus infinity
explain: You add a number that is large, but not larger than any score may be: a masked key with a very
  large score wins all the same.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores + hidden * -1e4
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
