"""
item: s000-4.1c
cell: s000-4_1c
why: scores with keys in rows, softmax over that axis
"""


def attention(Q, K, V):
    scores = K @ Q.mT / math.sqrt(K.shape[-1])
    return torch.softmax(scores, dim=-2).mT @ V
