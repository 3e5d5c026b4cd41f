"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, each_pair_is_scored_by_itself
misconception: one query per layer
explain: You use the mean of the queries for all of them. Each query has scores of its own.
"""


def additive_scores(Q, K, Wq, Wk, w):
    mean = (Q @ Wq).mean(0)[None, None, :].expand(Q.shape[0], 1, -1)
    return torch.tanh(mean + (K @ Wk)[None, :, :]) @ w
