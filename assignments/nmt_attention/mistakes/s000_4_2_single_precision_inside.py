"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_attention_keeps_precision
misconception: float32 is good enough
explain: You compute in float32 whatever comes in. Keep the precision of the arguments.
"""


def masked_attention(Q, K, V, pos):
    Q, K, V = Q.float(), K.float(), V.float()
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
