"""
item: s000-4.2
cell: s000-4_2
caught_by: rows_still_sum_to_one
misconception: whatever is 0 was masked
explain: You multiply the column by 0 and then hide all scores that are 0. Another score can be 0 as well, and
  then it is hidden too. Decide by the position, not by the number that stands there.
"""


def masked_attention(Q, K, V, pos):
    m = torch.ones(K.shape[-2], dtype=Q.dtype)
    m[pos] = 0
    s = Q @ K.mT / math.sqrt(Q.shape[-1]) * m
    w = torch.softmax(s.masked_fill(s == 0, -math.inf), -1)
    return w @ V, w
