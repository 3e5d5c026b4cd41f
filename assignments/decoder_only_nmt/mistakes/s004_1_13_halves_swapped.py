"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_sees_all_of_itself, the_rest_does_not_look_ahead
misconception: the last n tokens are the prefix
explain: Your open square has the size, or the place, of the other half. The prefix are the *first n* of the
  n + m tokens.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:m, :m] = True
    return mask
