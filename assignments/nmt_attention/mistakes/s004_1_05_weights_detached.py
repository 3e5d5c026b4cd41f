"""
item: s004-1.05
cell: s004-1_05
caught_by: gradients_reach_all_five
misconception: only inputs need gradients
explain: Your weights are cut off from the gradient, so the layer could never learn them.
"""


def additive_scores(Q, K, Wq, Wk, w):
    Wq, Wk, w = (part.detach() + 0 * part for part in (Wq, Wk, w))
    return torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
