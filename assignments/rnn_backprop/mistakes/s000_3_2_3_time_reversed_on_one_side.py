"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, one_loss_matches_finite_differences,
  each_gradient_meets_the_state_before_it
misconception: backpropagation reads the gradients from the end
explain: You turned the order of the gradients around but not that of the states. Backpropagation *visits*
  the steps from the end; still each gradient goes with the state of its own use.
"""

def dJt_dWhh(gh, h):
    return gh.flip(0).T @ h
