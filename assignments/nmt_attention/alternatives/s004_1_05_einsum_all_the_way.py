"""
item: s004-1.05
cell: s004-1_05
why: einsum for projections and weights
"""


def additive_scores(Q, K, Wq, Wk, w):
    queries, keys = torch.einsum("ia,ah->ih", Q, Wq), torch.einsum("jb,bh->jh", K, Wk)
    return torch.einsum("ijh,h->ij", (queries.unsqueeze(1) + keys.unsqueeze(0)).tanh(), w)
