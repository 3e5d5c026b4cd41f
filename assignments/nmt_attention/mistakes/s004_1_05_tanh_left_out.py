"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_stay_within_the_weights
misconception: a sum weighted by w is enough
explain: Without the tanh a score is one number for the query plus one for the key, so every query prefers
  the same keys.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return ((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
