"""
item: s004-1.05
cell: s004-1_05
why: a product with w and a sum
"""


def additive_scores(Q, K, Wq, Wk, w):
    a, b = Q.matmul(Wq), K.matmul(Wk)
    return (w * (a.unsqueeze(-2) + b.unsqueeze(-3)).tanh()).sum(-1)
