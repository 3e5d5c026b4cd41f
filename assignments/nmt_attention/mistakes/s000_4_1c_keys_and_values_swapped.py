"""
item: s000-4.1c
cell: s000-4_1c
caught_by: attention_equals_one_query_at_a_time
misconception: values are compared, keys are averaged
explain: You compare queries with values and average keys. It is the other way round.
"""


def attention(Q, K, V):
    if V.shape[-1] != K.shape[-1]:
        V = torch.nn.functional.pad(V, (0, K.shape[-1]))[..., : K.shape[-1]]
    return torch.softmax(Q @ V.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-1) @ K
