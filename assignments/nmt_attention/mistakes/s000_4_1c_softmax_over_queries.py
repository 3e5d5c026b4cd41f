"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time, equal_values_come_out_unchanged
misconception: softmax over the first of the two axes
explain: Your weights sum to 1 over the queries. Each query distributes a total of 1 over the keys.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-2) @ V
