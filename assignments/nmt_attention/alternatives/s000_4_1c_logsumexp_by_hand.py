"""
item: s000-4.1c
cell: s000-4_1c
why: the softmax from its logarithm
"""


def attention(Q, K, V):
    scores = torch.matmul(Q / math.sqrt(Q.size(-1)), K.transpose(-2, -1))
    return (scores - scores.logsumexp(dim=-1, keepdim=True)).exp() @ V
