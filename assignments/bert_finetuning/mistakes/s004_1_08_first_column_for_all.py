"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, padding_never_shows_in_the_pooled_vector,
  gradient_flows_to_the_chosen_position_only, sentences_of_one_token_and_batches_of_one
misconception: all sentences begin in the first column
explain: For the first token you read column 0. With padding on the left that is padding: the mask says
  where a sentence begins.
"""

def pool(H, mask, kind):
    places = torch.arange(mask.shape[1])
    last = places.masked_fill(mask == 0, -1).amax(dim=1)
    return H[:, 0] if kind == "cls" else H[torch.arange(len(H)), last]
