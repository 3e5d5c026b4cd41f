"""
item: s004-1.05
cell: s004-1_05
why: the score of one pair, vectorised
"""


def additive_scores(Q, K, Wq, Wk, w):
    def one(q, k):
        return torch.dot(w, torch.tanh(q @ Wq + k @ Wk))
    return torch.vmap(torch.vmap(one, (None, 0)), (0, None))(Q, K)
