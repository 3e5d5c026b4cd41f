"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_against_extreme_scores
misconception: twice the largest score is beyond all of them
explain: You take 20 000 off the score of the masked key. Where it scored 10 000 and the others -10 000,
  that only makes it their equal.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores = scores - 2e4 * (torch.arange(K.shape[-2]) == pos)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
