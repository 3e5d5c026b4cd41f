"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time
misconception: the scale is the number of keys
explain: You divide by the root of the number of tokens. The scale is about how long a dot product is, and
  that is the width.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(K.shape[-2]), dim=-1) @ V
