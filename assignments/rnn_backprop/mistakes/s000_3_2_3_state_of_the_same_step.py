"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, each_gradient_meets_the_state_before_it
misconception: h_i stands beside the gradient at h_i
explain: You pair each gradient with the state that it belongs to. Whh multiplied the state *before*, and
  that is the one that must stand beside it.
"""

def dJt_dWhh(gh, h):
    return gh[:-1].T @ h[1:]
