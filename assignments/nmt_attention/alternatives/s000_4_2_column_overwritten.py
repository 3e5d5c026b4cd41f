"""
item: s000-4.2
cell: s000-4_2
why: the column of the scores is overwritten in place
"""


def masked_attention(Q, K, V, pos):
    s = torch.matmul(Q, K.transpose(-2, -1)) / np.sqrt(Q.shape[-1])
    s[..., pos] = -np.inf
    w = s.softmax(dim=-1)
    return w @ V, w
