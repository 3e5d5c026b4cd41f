"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_against_extreme_scores
misconception: weights for show, another mask for the outputs
explain: The weights that you return are masked with minus infinity, but the outputs are mixed with a score that
  only loses 10 000. Use the same weights for both.
"""


def masked_attention(Q, K, V, pos):
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    m = (torch.arange(K.shape[-2]) == pos)
    w = torch.softmax(s.masked_fill(m, -math.inf), -1)
    return torch.softmax(s - 1e4 * m, -1) @ V, w
