"""
item: s004-1.13
cell: s004-1_13
caught_by: the_rest_does_not_look_ahead
misconception: a token must not look at itself
explain: In your second half a token does not see itself. It has to: its own embedding is what it has just
  read, and the one to be hidden is the *next*.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril(-1)
    mask[:n, :n] = True
    return mask
