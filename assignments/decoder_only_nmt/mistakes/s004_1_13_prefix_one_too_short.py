"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_sees_all_of_itself
misconception: the prefix ends before EOP
explain: Your open square is one row and one column too small. The prefix has n tokens, the last one (EOP)
  included.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:max(n - 1, 0), :max(n - 1, 0)] = True
    return mask
