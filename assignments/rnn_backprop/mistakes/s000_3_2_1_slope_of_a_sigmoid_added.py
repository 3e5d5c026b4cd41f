"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes
misconception: every activation contributes the factor p (1 - p)
explain: You multiplied by p (1 - p) once more. The slope of the softmax is already used up when the
  logarithm and the softmax are differentiated together; nothing of it is left over.
"""

def dJ_do(o, y):
    p = torch.softmax(o, dim=-1)
    return (p - y) * p * (1 - p)
