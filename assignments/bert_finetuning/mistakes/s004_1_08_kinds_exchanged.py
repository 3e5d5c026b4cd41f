"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, last_real_token_under_any_padding,
  gradient_flows_to_the_chosen_position_only
misconception: cls stands at the end
explain: You exchanged the two kinds: the first token belongs to cls, as in BERT, the last to a
  left-to-right model.
"""

def pool(H, mask, kind):
    places = torch.arange(mask.shape[1])
    first = places.masked_fill(mask == 0, mask.shape[1]).amin(dim=1)
    last = places.masked_fill(mask == 0, -1).amax(dim=1)
    return H[torch.arange(len(H)), last if kind == "cls" else first]
