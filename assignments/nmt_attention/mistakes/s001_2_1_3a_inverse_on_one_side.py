"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_vanishes_for_layers_without_order
misconception: undoes the permutation on the output
explain: You reorder the input by perm and the output by its inverse. Both sides go into the same order:
  index both with perm.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)[:, torch.argsort(perm)]).norm())
