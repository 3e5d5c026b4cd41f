"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_survives_large_scores
misconception: any maximum will do against overflow
explain: You subtract the largest of all scores. For a query whose own largest score lies far below, every exp
  is 0, and 0 divided by 0 is no number. Subtract the maximum of each row.
"""


def attention(Q, K, V):
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    e = torch.exp(s - s.max())
    return e / e.sum(-1, keepdim=True) @ V
