"""
item: s000-4.2
cell: s000-4_2
why: attention over the other keys, then a column of zeros
"""


def masked_attention(Q, K, V, pos):
    others = torch.arange(K.shape[-2]) != pos
    some = torch.softmax(Q @ K[..., others, :].mT / Q.shape[-1] ** 0.5, dim=-1)
    weights = some.new_zeros(*some.shape[:-1], K.shape[-2])
    weights[..., others] = some
    return some @ V[..., others, :], weights
