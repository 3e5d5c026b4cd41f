"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the mean length of the difference at a position
"""


def equivariance_gap(layer, x, perm):
    fx, fpx = layer(x), layer(torch.index_select(x, 1, perm))
    return float(torch.linalg.vector_norm(fpx - fx.index_select(1, perm), dim=-1).mean())
