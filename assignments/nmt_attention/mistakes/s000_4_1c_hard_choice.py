"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time, gradients_reach_queries_keys_and_values
misconception: attention picks the best key
explain: You give all the weight to the best key. Softmax shares it out, and only that has a gradient.
"""


def attention(Q, K, V):
    best = (Q @ K.transpose(-1, -2)).argmax(dim=-1)
    weights = torch.nn.functional.one_hot(best, K.shape[-2]).to(V.dtype)
    return weights @ V + 0 * Q.sum() + 0 * K.sum()
