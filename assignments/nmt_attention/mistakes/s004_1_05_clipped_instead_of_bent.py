"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair
misconception: tanh cuts off at -1 and 1
explain: You cut the sums off at -1 and 1. tanh has the same ends but is curved in between.
"""


def additive_scores(Q, K, Wq, Wk, w):
    p = (Q @ Wq)[:, None] + (K @ Wk)[None]
    return p.clamp(-1, 1) @ w
