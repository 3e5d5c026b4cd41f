"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_are_linear_in_w
misconception: the order of tanh and w does not matter
explain: You bend the finished score. The tanh works on each of the h entries, and w weighs them afterwards.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh(((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w)
