"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair
misconception: any squashing function
explain: You use a sigmoid where the formula has tanh.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.sigmoid((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
