"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, each_gradient_meets_the_state_before_it
misconception: there are three steps
explain: You add up exactly three steps, as in the example. The number of steps is the number of rows.
"""

def dJt_dWhh(gh, h):
    return sum(torch.outer(gh[k], h[k]) for k in range(3))
