"""
item: s000-4.1c
cell: s000-4_1c
caught_by: leading_axes_stand_alone
misconception: one attention pattern per batch
explain: You average the weights over the sequences of a batch. Every sequence has weights of its own.
"""


def attention(Q, K, V):
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-1)
    if weights.ndim > 2:
        weights = weights.mean(dim=0, keepdim=True).expand_as(weights)
    return weights @ V
