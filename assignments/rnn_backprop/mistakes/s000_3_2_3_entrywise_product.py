"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, each_gradient_meets_the_state_before_it,
  linear_in_the_state_gradients
misconception: gradient times state, entry by entry
explain: You multiply gradients and states entry by entry, which gives a vector. A matrix connects every old
  entry with every new one, so every pair of entries has its own product.
"""

def dJt_dWhh(gh, h):
    return (gh * h).sum(dim=0)
