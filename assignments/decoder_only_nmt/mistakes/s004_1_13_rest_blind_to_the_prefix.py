"""
item: s004-1.13
cell: s004-1_13
caught_by: the_rest_sees_the_whole_prefix
misconception: two halves that do not see each other
explain: In your mask the second half does not see the prefix. A translation that cannot look at its source
  is a guess.
"""

def prefix_mask(n, m):
    mask = torch.zeros(n + m, n + m, dtype=torch.bool)
    mask[:n, :n] = True
    mask[n:, n:] = torch.ones(m, m, dtype=torch.bool).tril()
    return mask
