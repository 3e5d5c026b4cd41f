"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_against_extreme_scores
misconception: minus one thousand is below everything
explain: You give the masked key a fixed score that is low, but not lower than any other score may be:
  beside keys that all score less, it wins.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, -1e3)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
