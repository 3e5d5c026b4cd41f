"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, one_loss_matches_finite_differences,
  each_gradient_meets_the_state_before_it
misconception: Whh matters through the last step alone
explain: You use the last step only. Whh was used at every step up to t, and each use sends its own
  contribution; with the last one alone, backpropagation is cut off after one step.
"""

def dJt_dWhh(gh, h):
    return torch.outer(gh[-1], h[-1])
