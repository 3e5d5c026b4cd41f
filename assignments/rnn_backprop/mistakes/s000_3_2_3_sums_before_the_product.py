"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, one_loss_matches_finite_differences,
  each_gradient_meets_the_state_before_it
misconception: the sum of products is the product of the sums
explain: You add up gradients and states first and multiply then. That also pairs gradients and states of
  different steps, which never met.
"""

def dJt_dWhh(gh, h):
    return torch.outer(gh.sum(dim=0), h.sum(dim=0))
