"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_sums_to_zero_over_classes, each_row_of_logits_stands_alone
misconception: there is always exactly one leading axis
explain: You normalise over axis 1. The classes are on the last axis, which is axis 1 only when there is
  exactly one leading axis.
"""

def dJ_do(o, y):
    return torch.softmax(o, dim=1) - y
