"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences, linear_in_the_state_gradients
misconception: only the direction of a gradient matters
explain: You scale each gradient to length 1. Its length says how much this step matters for the loss, so it
  must stay.
"""

def dJt_dWhh(gh, h):
    return (gh / gh.norm(dim=1, keepdim=True).clamp_min(1e-30)).T @ h
