"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: gather, and the largest spectral norm, as a tensor
"""


def equivariance_gap(layer, x, perm):
    idx = perm[None, :, None].expand_as(x)
    d = layer(x.gather(1, idx)) - layer(x).gather(1, idx)
    return torch.linalg.matrix_norm(d, 2).max()
