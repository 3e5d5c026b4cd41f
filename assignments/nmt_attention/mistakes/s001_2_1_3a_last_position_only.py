"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_reorders_as_the_indices_say
misconception: only the last position
explain: You look at the last position only. The difference may sit at any of them.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)[:, perm])[:, -1].norm())
