"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time
misconception: divide by h
explain: You divide by the width. It is the standard deviation of a dot product that is divided out, which
  grows like the root of the width.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2) / Q.shape[-1], dim=-1) @ V
