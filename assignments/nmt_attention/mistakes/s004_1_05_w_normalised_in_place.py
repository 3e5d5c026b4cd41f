"""
item: s004-1.05
cell: s004-1_05
caught_by: additive_scores_have_no_side_effects
misconception: the arguments are mine
explain: Your result is right, but afterwards the caller's w is no longer what it was.
"""


def additive_scores(Q, K, Wq, Wk, w):
    scores = torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
    with torch.no_grad():
        w /= w.norm()
    return scores
