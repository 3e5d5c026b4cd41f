"""
item: s004-1.05
cell: s004-1_05
why: one pair after the other
"""


def additive_scores(Q, K, Wq, Wk, w):
    rows = [torch.stack([w @ torch.tanh(q @ Wq + k @ Wk) for k in K]) for q in Q]
    return torch.stack(rows)
