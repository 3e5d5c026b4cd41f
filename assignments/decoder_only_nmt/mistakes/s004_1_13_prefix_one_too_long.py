"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_never_sees_the_rest
misconception: the prefix includes the first token that follows
explain: Your open square is one row and one column too large: the prefix sees the first token of the
  translation.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[: n + 1, : n + 1] = True
    return mask
