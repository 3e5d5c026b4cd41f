"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: a permutation matrix from the left
"""

def equivariance_gap(layer, x, perm):
    P = torch.eye(len(perm), dtype=x.dtype)[perm]
    return float((layer(P @ x) - P @ layer(x)).abs().max())
