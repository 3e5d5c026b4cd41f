"""
item: s004-1.13
cell: s004-1_13
caught_by: prefix_mask_is_a_square_of_booleans, empty_halves_make_sense
misconception: [-m:] are the last m, also for m = 0
explain: You count from the end: `[-m:]`. For m = 0 that is everything, not nothing. Count from the front: `[n:]`.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool)
    mask[:-m, -m:] = False
    mask[-m:, -m:] = torch.ones(m, m).tril().bool()
    return mask
