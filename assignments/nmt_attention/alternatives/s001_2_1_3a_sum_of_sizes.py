"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the 1-norm, as a 0-d tensor
"""

def equivariance_gap(layer, x, perm):
    return (layer(x[:, perm]) - layer(x)[:, perm]).abs().sum()
