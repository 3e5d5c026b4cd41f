"""
item: s004-1.05
cell: s004-1_05
why: a loop over queries, F.linear
"""


def additive_scores(Q, K, Wq, Wk, w):
    keys = nn.functional.linear(K, Wk.T)
    return torch.stack([torch.mv(torch.tanh(keys + q), w) for q in nn.functional.linear(Q, Wq.T)])
