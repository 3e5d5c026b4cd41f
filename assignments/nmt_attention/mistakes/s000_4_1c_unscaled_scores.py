"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time
misconception: softmax of plain dot products
explain: You do not scale the scores. They are divided by the root of the width before the softmax.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2), dim=-1) @ V
