"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_are_linear_in_w
misconception: the entries are simply added
explain: You add up the entries of the tanh. Each of them has its weight in w.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]).sum(-1)
