"""
item: s001-2.1.3a
cell: s001-2_1_3a
why: the mean of the absolute entries, in numpy
"""

def equivariance_gap(layer, x, perm):
    one = layer(torch.index_select(x, 1, perm)).detach().numpy()
    other = np.take(layer(x).detach().numpy(), perm.numpy(), axis=1)
    return float(np.abs(one - other).mean())
