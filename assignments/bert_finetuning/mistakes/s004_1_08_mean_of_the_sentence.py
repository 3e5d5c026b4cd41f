"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, last_real_token_under_any_padding,
  gradient_flows_to_the_chosen_position_only
misconception: a summary is an average
explain: You average the real tokens. That can be a good summary, yet asked for is the vector of one
  position, the one that has seen the whole sentence.
"""

def pool(H, mask, kind):
    weights = mask.to(H.dtype).unsqueeze(-1)
    return (H * weights).sum(dim=1) / weights.sum(dim=1)
