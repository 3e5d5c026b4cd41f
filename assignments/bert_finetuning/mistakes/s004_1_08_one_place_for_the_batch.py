"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, last_real_token_under_any_padding,
  padding_never_shows_in_the_pooled_vector, gradient_flows_to_the_chosen_position_only,
  sentences_of_one_token_and_batches_of_one
misconception: all rows of a batch are alike
explain: You look for the ends of the whole batch and read the same two columns in every row. Each row has
  its own.
"""

def pool(H, mask, kind):
    used = mask.any(dim=0).nonzero().flatten()
    return H[:, used[0]] if kind == "cls" else H[:, used[-1]]
