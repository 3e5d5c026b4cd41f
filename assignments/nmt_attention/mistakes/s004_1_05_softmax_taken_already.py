"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, each_pair_is_scored_by_itself, scores_are_linear_in_w
misconception: scores are weights
explain: You return weights. The scores were asked for, before any softmax.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.softmax(torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w, dim=-1)
