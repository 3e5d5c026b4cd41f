"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_vanishes_for_layers_without_order
misconception: perm on the last axis
explain: You reorder the features. Positions are axis 1 of (b, n, d).
"""

def equivariance_gap(layer, x, perm):
    order = torch.argsort(perm.repeat(x.shape[2])[: x.shape[2]])
    return float((layer(x[:, :, order]) - layer(x)[:, :, order]).norm())
