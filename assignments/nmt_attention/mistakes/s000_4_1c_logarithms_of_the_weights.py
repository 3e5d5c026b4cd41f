"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time, equal_values_come_out_unchanged
misconception: log_softmax is a stable softmax
explain: log_softmax gives the logarithms of the weights. They are negative and do not sum to 1: take exp, or
  softmax itself.
"""


def attention(Q, K, V):
    return torch.log_softmax(Q @ K.mT / math.sqrt(Q.shape[-1]), -1) @ V
