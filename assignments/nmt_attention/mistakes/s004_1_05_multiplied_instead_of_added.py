"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, only_the_sum_of_projections_counts
misconception: scores multiply queries and keys
explain: You multiply the two projections. Additive attention adds them, before the tanh.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh((Q @ Wq)[:, None, :] * (K @ Wk)[None, :, :]) @ w
