"""
item: s000-3.2.1
cell: s000-3_2_1
why: (sum of y) p - y is the general form; for targets that sum to 1 it is p - y
"""

def dJ_do(o, y):
    p = torch.exp(o - torch.logsumexp(o, dim=-1, keepdim=True))
    return y.sum(dim=-1, keepdim=True) * p - y
