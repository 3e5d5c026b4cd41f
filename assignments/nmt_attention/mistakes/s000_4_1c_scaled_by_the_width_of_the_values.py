"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time
misconception: h is the width of V
explain: You divide by the root of the width of the values. The scores are dot products of queries and keys, and
  their width is the h that counts.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.mT / math.sqrt(V.shape[-1]), -1) @ V
