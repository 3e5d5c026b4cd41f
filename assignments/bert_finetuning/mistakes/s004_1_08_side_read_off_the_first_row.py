"""
item: s004-1.08
cell: s004-1_08
caught_by: first_real_token_under_any_padding, last_real_token_under_any_padding
misconception: a batch is padded on one side
explain: You look at the first row to see on which side the padding is. Rows of one batch may differ: go by
  the mask of each row.
"""

def pool(H, mask, kind):
    rows, lengths = torch.arange(len(H)), mask.sum(dim=1)
    on_the_left = bool(mask[0, 0] == 0)
    if kind == "cls":
        return H[rows, mask.shape[1] - lengths] if on_the_left else H[:, 0]
    return H[:, -1] if on_the_left else H[rows, lengths - 1]
