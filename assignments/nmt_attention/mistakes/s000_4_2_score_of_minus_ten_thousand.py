"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_against_extreme_scores
misconception: the lowest score that may occur is low enough
explain: You give the masked key a score of -10 000, but other keys may score as little, and then it gets
  its share. It has to lie far below all others.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores = scores.masked_fill(torch.arange(K.shape[-2]) == pos, -1e4)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
