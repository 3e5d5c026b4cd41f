"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes,
  logit_gradient_ignores_a_common_shift, logit_gradient_survives_large_logits
misconception: a sigmoid per class gives the probabilities
explain: You squash each logit by itself. A softmax lets the classes compete: its probabilities sum to 1,
  and so the gradient sums to zero.
"""

def dJ_do(o, y):
    return torch.sigmoid(o) - y
