"""
item: s000-4.1c
cell: s000-4_1c
why: keys in two halves, put together as flash attention does
"""


def attention(Q, K, V):
    m = (K.shape[-2] + 1) // 2
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    a, b = s[..., :m], s[..., m:]
    top = s.amax(-1, keepdim=True)
    ea, eb = (a - top).exp(), (b - top).exp()
    return (ea @ V[..., :m, :] + eb @ V[..., m:, :]) / (ea.sum(-1, keepdim=True) + eb.sum(-1, keepdim=True))
