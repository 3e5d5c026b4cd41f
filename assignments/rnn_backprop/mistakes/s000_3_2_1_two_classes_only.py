"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes,
  logit_gradient_ignores_a_common_shift, logit_gradient_survives_large_logits,
  each_row_of_logits_stands_alone, logit_gradient_keeps_precision, logit_gradient_has_no_side_effects
misconception: there are two classes
explain: Your formula is made for two classes, as in the example. The number of classes is the length of the
  last axis.
"""

def dJ_do(o, y):
    first = torch.sigmoid(o[..., 0] - o[..., 1])
    return torch.stack([first, 1 - first], dim=-1) - y
