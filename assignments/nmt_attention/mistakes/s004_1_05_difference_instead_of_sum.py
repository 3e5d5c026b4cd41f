"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, only_the_sum_of_projections_counts
misconception: attention compares by difference
explain: You subtract the keys from the queries. The two projections are added.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh((Q @ Wq)[:, None, :] - (K @ Wk)[None, :, :]) @ w
