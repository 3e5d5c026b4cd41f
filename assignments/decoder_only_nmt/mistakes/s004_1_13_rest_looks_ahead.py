"""
item: s004-1.13
cell: s004-1_13
caught_by: the_rest_does_not_look_ahead
misconception: only the prefix needs a rule
explain: In your mask the second half looks ahead. There the rule stays causal.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool)
    mask[:n, n:] = False
    return mask
