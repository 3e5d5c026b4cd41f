"""
item: s004-1.13
cell: s004-1_13
why: the given causal mask, with the square of the prefix opened
"""

def prefix_mask(n, m):
    allowed = causal_mask(n + m).clone()
    allowed[:n, :n] = True
    return allowed
