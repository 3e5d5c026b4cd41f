"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, one_loss_matches_finite_differences,
  each_gradient_meets_the_state_before_it
misconception: one gradient serves all steps
explain: You pair every state with the gradient of the last step. Each use of Whh has a gradient of its own,
  the one at the state that it produced.
"""

def dJt_dWhh(gh, h):
    return gh[-1:].expand_as(gh).T @ h
