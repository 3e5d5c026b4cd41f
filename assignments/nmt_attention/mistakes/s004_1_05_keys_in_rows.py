"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, each_pair_is_scored_by_itself
misconception: keys first
explain: Your matrix is turned over: queries stand in rows, keys in columns.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh((K @ Wk)[:, None, :] + (Q @ Wq)[None, :, :]) @ w
