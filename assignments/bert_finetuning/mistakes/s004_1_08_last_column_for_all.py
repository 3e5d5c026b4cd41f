"""
item: s004-1.08
cell: s004-1_08
caught_by: last_real_token_under_any_padding, padding_never_shows_in_the_pooled_vector,
  gradient_flows_to_the_chosen_position_only, sentences_of_one_token_and_batches_of_one
misconception: all sentences end in the last column
explain: You read the last column. With padding on the right it is padding for every sentence but the
  longest.
"""

def pool(H, mask, kind):
    first = mask.long().argmax(dim=1)
    rows = torch.arange(len(H))
    return H[rows, first] if kind == "cls" else H[:, -1]
