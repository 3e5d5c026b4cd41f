"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_vanishes_for_layers_without_order
misconception: ignores perm
explain: You reorder the sequence in your own way, from back to front. The permutation to use is given.
"""

def equivariance_gap(layer, x, perm):
    order = torch.arange(x.shape[1] - 1, -1, -1)
    return float((layer(x[:, order]) - layer(x)[:, order]).norm())
