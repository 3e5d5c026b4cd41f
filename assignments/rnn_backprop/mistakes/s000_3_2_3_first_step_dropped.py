"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, each_gradient_meets_the_state_before_it
misconception: the first state has no recurrent input
explain: You leave out the first step. Its recurrent input is h_0, and unless h_0 is zero it contributes.
"""

def dJt_dWhh(gh, h):
    return gh[1:].T @ h[1:]
