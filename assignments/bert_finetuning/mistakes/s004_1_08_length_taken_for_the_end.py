"""
item: s004-1.08
cell: s004-1_08
caught_by: last_real_token_under_any_padding, padding_never_shows_in_the_pooled_vector,
  gradient_flows_to_the_chosen_position_only, sentences_of_one_token_and_batches_of_one
misconception: the number of tokens is the place of the last one
explain: You take the number of real tokens, less one, for the place of the last. With padding on the left a
  sentence does not begin at 0, so it ends later.
"""

def pool(H, mask, kind):
    first = mask.long().argmax(dim=1)
    last = mask.sum(dim=1) - 1
    return H[torch.arange(len(H)), first if kind == "cls" else last]
