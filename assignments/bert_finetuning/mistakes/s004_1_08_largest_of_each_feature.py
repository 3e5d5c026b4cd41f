"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, last_real_token_under_any_padding,
  gradient_flows_to_the_chosen_position_only
misconception: the largest value represents the sentence
explain: You take the largest value of each feature over the tokens. The result is the vector of no position
  at all.
"""

def pool(H, mask, kind):
    return H.masked_fill(mask.unsqueeze(-1) == 0, -1e9).amax(dim=1)
