"""
item: s000-4.2
cell: s000-4_2
why: log(0) is minus infinity; softmax by logsumexp
"""


def masked_attention(Q, K, V, pos):
    keep = 1 - torch.nn.functional.one_hot(torch.tensor(pos), K.shape[-2]).to(Q.dtype)
    s = Q @ K.mT / math.sqrt(Q.shape[-1]) + keep.log()
    w = (s - s.logsumexp(-1, keepdim=True)).exp()
    return w @ V, w
