"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time, keys_may_come_in_any_order
misconception: attention is causal
explain: You hide later tokens from each query. That is another rule; here every query sees every key.
"""


def attention(Q, K, V):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    later = torch.triu(torch.ones(scores.shape[-2:], dtype=torch.bool), diagonal=1)
    return torch.softmax(scores.masked_fill(later, -math.inf), dim=-1) @ V
