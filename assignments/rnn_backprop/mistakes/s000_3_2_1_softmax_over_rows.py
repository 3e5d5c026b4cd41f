"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes,
  logit_gradient_ignores_a_common_shift, logit_gradient_survives_large_logits,
  each_row_of_logits_stands_alone
misconception: axis 0 holds the classes
explain: You normalise over the first axis, that is over different predictions. The probabilities of one
  prediction lie along the last axis.
"""

def dJ_do(o, y):
    return torch.softmax(o, dim=0) - y
