"""
item: s004-1.08
cell: s004-1_08
caught_by: last_real_token_under_any_padding, padding_never_shows_in_the_pooled_vector,
  gradient_flows_to_the_chosen_position_only, sentences_of_one_token_and_batches_of_one
misconception: the first zero of the mask follows the last token
explain: You look for the first zero of the mask and step back by one. With padding on the left the first
  zero stands before the sentence.
"""

def pool(H, mask, kind):
    first = mask.long().argmax(dim=1)
    full = mask.all(dim=1)
    last = torch.where(full, mask.shape[1] - 1, (mask == 0).long().argmax(dim=1) - 1)
    return H[torch.arange(len(H)), first if kind == "cls" else last]
