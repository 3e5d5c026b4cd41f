"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight
misconception: a hidden key has no column
explain: You leave the masked key out, so the weights have a column too few. It has weights, and they are 0.
"""


def masked_attention(Q, K, V, pos):
    others = [j for j in range(K.shape[-2]) if j != pos]
    weights = torch.softmax(Q @ K[..., others, :].transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-1)
    return weights @ V[..., others, :], weights
