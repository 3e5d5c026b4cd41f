"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, single_step_pairs_gradient_and_state,
  one_loss_matches_finite_differences
misconception: the order of an outer product does not matter
explain: Your matrix is transposed. Row a, column b belongs to the weight that takes old entry b to new
  entry a, so the gradient gives the rows and the state the columns.
"""

def dJt_dWhh(gh, h):
    return h.T @ gh
