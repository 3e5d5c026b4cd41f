"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, only_the_sum_of_projections_counts
misconception: tanh of a sum is the sum of tanhs
explain: You bend query and key apart and add afterwards. The tanh sees their sum; only that lets a query
  and a key interact.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return (torch.tanh((Q @ Wq)[:, None, :]) + torch.tanh((K @ Wk)[None, :, :])) @ w
