"""
item: s004-1.05
cell: s004-1_05
why: one matrix on queries and keys side by side is the same as two matrices added
"""


def additive_scores(Q, K, Wq, Wk, w):
    nq, nk = len(Q), len(K)
    pairs = torch.cat([Q[:, None].expand(nq, nk, -1), K[None].expand(nq, nk, -1)], dim=-1)
    return (torch.tanh(pairs @ torch.cat([Wq, Wk])) * w).sum(-1)
