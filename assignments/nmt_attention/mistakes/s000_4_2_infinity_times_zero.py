"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight, rows_still_sum_to_one
misconception: minus infinity times 0 is 0
explain: You multiply zeros and ones by minus infinity, and 0 times infinity is NaN. Fill the column
  (masked_fill, torch.where) instead of multiplying.
"""


def masked_attention(Q, K, V, pos):
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    m = torch.zeros(K.shape[-2], dtype=s.dtype)
    m[pos] = 1
    w = torch.softmax(s + m * -math.inf, -1)
    return w @ V, w
