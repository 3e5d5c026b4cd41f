"""
item: s004-1.13
cell: s004-1_13
caught_by: prefix_mask_is_a_square_of_booleans
misconception: 0 and 1 are as good as False and True
explain: Your mask holds numbers. `~` on integers flips bits, and on floats it raises; the attention wants
  booleans.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m).tril()
    mask[:n, :n] = 1
    return mask
