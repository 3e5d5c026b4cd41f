"""
item: s004-1.05
cell: s004-1_05
caught_by: scores_of_every_pair, scores_are_linear_in_w
misconception: w may weigh the projections first
explain: You weigh each projection by w and bend the sum of two numbers. tanh acts on each of the h sums, and w
  comes after it.
"""


def additive_scores(Q, K, Wq, Wk, w):
    return torch.tanh((Q @ Wq @ w)[:, None] + (K @ Wk @ w)[None])
