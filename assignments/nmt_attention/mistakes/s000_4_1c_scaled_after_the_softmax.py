"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time, equal_values_come_out_unchanged
misconception: the scale may stand anywhere
explain: You scale the weights instead of the scores, so they no longer sum to 1.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2), dim=-1) / math.sqrt(Q.shape[-1]) @ V
