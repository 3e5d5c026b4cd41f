"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_is_a_norm_of_the_difference
misconception: perm on the batch
explain: You reorder the examples of the batch, and no layer of ours mixes those. Positions are axis 1 of
  (b, n, d).
"""

def equivariance_gap(layer, x, perm):
    order = perm % x.shape[0]
    return float((layer(x[order]) - layer(x)[order]).norm())
