"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: both sides brought back into the old order, which changes no norm
"""

def equivariance_gap(layer, x, perm):
    back = torch.argsort(perm)
    return float((layer(x[:, perm])[:, back] - layer(x)).norm())
