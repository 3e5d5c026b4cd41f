"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the norm of numpy, over all entries
"""


def equivariance_gap(layer, x, perm):
    d = (layer(x[:, perm]) - layer(x)[:, perm]).detach().numpy()
    return np.linalg.norm(d)
