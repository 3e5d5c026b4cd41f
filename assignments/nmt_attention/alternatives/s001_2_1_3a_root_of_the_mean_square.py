"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the root of the mean square
"""

def equivariance_gap(layer, x, perm):
    return ((layer(x[:, perm]) - layer(x)[:, perm]) ** 2).mean().sqrt().item()
