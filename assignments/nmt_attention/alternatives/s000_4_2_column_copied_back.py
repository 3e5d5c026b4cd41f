"""
item: s000-4.2
cell: s000-4_2
why: attention to the other keys, and the column put back by index_copy
"""


def masked_attention(Q, K, V, pos):
    keep = torch.cat([torch.arange(pos), torch.arange(pos + 1, K.shape[-2])])
    w = torch.softmax(Q @ K.index_select(-2, keep).mT * Q.shape[-1] ** -.5, -1)
    full = torch.zeros(*Q.shape[:-1], K.shape[-2], dtype=Q.dtype).index_copy(-1, keep, w)
    return w @ V.index_select(-2, keep), full
