"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the largest absolute entry is a norm
"""


def equivariance_gap(layer, x, perm):
    return (layer(x[:, perm, :]) - layer(x)[:, perm, :]).abs().max().item()
