"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_stay_within_the_weights
misconception: any nonlinearity
explain: You use a ReLU where the formula has tanh, so the scores are not bounded.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.relu((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
