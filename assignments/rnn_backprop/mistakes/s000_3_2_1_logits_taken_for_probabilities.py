"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes,
  logit_gradient_ignores_a_common_shift, logit_gradient_survives_large_logits
misconception: the prediction is o
explain: You compared the target with the logits. The prediction is the softmax of the logits.
"""

def dJ_do(o, y):
    return o - y
