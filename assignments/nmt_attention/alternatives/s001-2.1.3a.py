# %% gather_and_a_spectral_norm
"""gather, and the largest spectral norm, as a tensor"""
def equivariance_gap(layer, x, perm):
    idx = perm[None, :, None].expand_as(x)
    d = layer(x.gather(1, idx)) - layer(x).gather(1, idx)
    return torch.linalg.matrix_norm(d, 2).max()


# %% largest_entry
"""the largest absolute entry is a norm"""
def equivariance_gap(layer, x, perm):
    return (layer(x[:, perm, :]) - layer(x)[:, perm, :]).abs().max().item()


# %% mean_length_of_positions
"""the mean length of the difference at a position"""
def equivariance_gap(layer, x, perm):
    fx, fpx = layer(x), layer(torch.index_select(x, 1, perm))
    return float(torch.linalg.vector_norm(fpx - fx.index_select(1, perm), dim=-1).mean())


# %% mean_of_sizes
"""the mean of the absolute entries, in numpy"""
def equivariance_gap(layer, x, perm):
    one = layer(torch.index_select(x, 1, perm)).detach().numpy()
    other = np.take(layer(x).detach().numpy(), perm.numpy(), axis=1)
    return float(np.abs(one - other).mean())


# %% numpy_norm
"""the norm of numpy, over all entries"""
def equivariance_gap(layer, x, perm):
    d = (layer(x[:, perm]) - layer(x)[:, perm]).detach().numpy()
    return np.linalg.norm(d)


# %% permutation_matrix
"""a permutation matrix from the left"""
def equivariance_gap(layer, x, perm):
    P = torch.eye(len(perm), dtype=x.dtype)[perm]
    return float((layer(P @ x) - P @ layer(x)).abs().max())


# %% root_of_the_mean_square
"""the root of the mean square"""
def equivariance_gap(layer, x, perm):
    return ((layer(x[:, perm]) - layer(x)[:, perm]) ** 2).mean().sqrt().item()


# %% sum_of_sizes
"""the 1-norm, as a 0-d tensor"""
def equivariance_gap(layer, x, perm):
    return (layer(x[:, perm]) - layer(x)[:, perm]).abs().sum()


# %% undone_afterwards
"""both sides brought back into the old order, which changes no norm"""
def equivariance_gap(layer, x, perm):
    back = torch.argsort(perm)
    return float((layer(x[:, perm])[:, back] - layer(x)).norm())
