"""
item: s000-4.2
cell: s000-4_2
why: index_fill, results in a list
"""


def masked_attention(Q, K, V, pos):
    s = (Q @ K.mT / math.sqrt(Q.shape[-1])).index_fill(-1, torch.tensor([pos]), float("-inf"))
    w = nn.Softmax(-1)(s)
    return [w.matmul(V), w]
