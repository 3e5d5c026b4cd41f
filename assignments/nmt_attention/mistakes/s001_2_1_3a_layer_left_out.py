"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_vanishes_for_layers_without_order
misconception: x[:, perm] against x
explain: Your gap does not depend on what the layer does: it compares the reordered sequence with the old
  one.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x)[:, perm] - layer(x)).norm())
