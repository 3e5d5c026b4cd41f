"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_never_sees_the_rest, the_rest_does_not_look_ahead
misconception: no mask is needed when the source is known
explain: You allow everything. The source is known in advance, but the translation is not: it must stay
  causal.
"""

def prefix_mask(n, m):
    return torch.ones(n + m, n + m, dtype=torch.bool)
