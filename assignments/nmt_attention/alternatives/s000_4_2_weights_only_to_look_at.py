"""
item: s000-4.2
cell: s000-4_2
why: the returned weights are detached: they are for looking at, and gradients flow through the outputs
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    weights = torch.softmax(scores.masked_fill(torch.arange(K.shape[-2]) == pos, -math.inf), dim=-1)
    return weights @ V, weights.detach()
