"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, each_gradient_meets_the_state_before_it,
  linear_in_the_state_gradients
misconception: one matrix per step is the answer
explain: You return one matrix per step. There is one shared matrix, so there is one gradient: the
  contributions have to be combined.
"""

def dJt_dWhh(gh, h):
    return torch.einsum('ta,tb->tab', gh, h)
