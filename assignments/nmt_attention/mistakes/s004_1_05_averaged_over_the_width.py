"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_stay_within_the_weights
misconception: a mean is a sum
explain: You average over the width where the formula adds up.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return (torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) * w).mean(-1)
