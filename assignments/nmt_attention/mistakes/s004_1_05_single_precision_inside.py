"""
item: s004-1.05
cell: s004-1_05
caught_by: additive_scores_keep_precision
misconception: float32 is good enough
explain: You compute in float32 whatever comes in. Keep the precision of the arguments.
"""


def additive_scores(Q, K, Wq, Wk, w):
    Q, K, Wq, Wk, w = (part.float() for part in (Q, K, Wq, Wk, w))
    return torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
