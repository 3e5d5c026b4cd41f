"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_keeps_precision
misconception: float32 is good enough
explain: You compute in float32 whatever comes in. Keep the precision of the arguments.
"""


def attention(Q, K, V):
    Q, K, V = Q.float(), K.float(), V.float()
    return torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-1) @ V
