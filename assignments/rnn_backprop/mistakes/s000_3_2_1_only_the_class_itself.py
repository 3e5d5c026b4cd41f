"""
item: s000-3.2.1
cell: s000-3_2_1
caught_by: logit_gradient_matches_autograd, logit_gradient_sums_to_zero_over_classes
misconception: moving one logit moves one probability
explain: You differentiated each probability only by its own logit. All probabilities share a denominator,
  so every logit moves all of them, and the off-diagonal terms belong to the sum.
"""

def dJ_do(o, y):
    return -y * (1 - torch.softmax(o, dim=-1))
