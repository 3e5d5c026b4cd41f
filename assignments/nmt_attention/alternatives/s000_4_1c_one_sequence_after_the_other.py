"""
item: s000-4.1c
cell: s000-4_1c
why: a loop over the leading axes, none over tokens
"""


def attention(Q, K, V):
    if Q.dim() > 2:
        return torch.stack([attention(q, k, v) for q, k, v in zip(Q, K, V, strict=False)])
    return torch.softmax(Q.mm(K.t()) / Q.shape[1] ** 0.5, dim=1).mm(V)
