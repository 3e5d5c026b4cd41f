"""
item: s000-4.1c
cell: s000-4_1c
why: einsum says the same
"""


def attention(Q, K, V):
    scores = torch.einsum("...nh,...mh->...nm", Q, K) * Q.shape[-1] ** -0.5
    return torch.einsum("...nm,...md->...nd", scores.softmax(-1), V)
