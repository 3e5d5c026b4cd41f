"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_never_sees_the_rest
misconception: the prefix may look at all there is
explain: Your prefix looks at what comes after it. What is written later would change the states of the
  source, and during training the source would carry the answer.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:n] = True
    return mask
