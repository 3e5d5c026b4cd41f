"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_looks_at_every_example
misconception: only x[0]
explain: You look at the first example of the batch only.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x[:1][:, perm]) - layer(x[:1])[:, perm]).norm())
