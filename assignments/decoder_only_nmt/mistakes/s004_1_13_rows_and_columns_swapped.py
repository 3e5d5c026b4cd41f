"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_never_sees_the_rest, the_rest_sees_the_whole_prefix, the_rest_does_not_look_ahead
misconception: rows are keys
explain: Rows and columns are exchanged in your mask. A row belongs to the token that looks, a column to the
  one that is looked at.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:n, :n] = True
    return mask.T
