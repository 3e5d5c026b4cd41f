# %% loop_of_outer_products
"""one torch.outer per step"""
def terms_of_dJt_dWhh(gh, h):
    return torch.stack([torch.outer(g, state) for g, state in zip(gh, h, strict=True)])


# %% einsum
"""the indices written down"""
def terms_of_dJt_dWhh(gh, h):
    return torch.einsum("ta,tb->tab", gh, h)


# %% columns_times_rows
"""a batch of columns times a batch of rows; a list of matrices is as good as a tensor"""
def terms_of_dJt_dWhh(gh, h):
    return list(torch.bmm(gh.unsqueeze(2), h.unsqueeze(1)))


# %% single_weights
"""the derivative of a single weight, for every weight"""
def terms_of_dJt_dWhh(gh, h):
    size = h.shape[1]
    return [[[gh[i, a] * h[i, b] for b in range(size)] for a in range(size)] for i in range(len(h))]

# %% numpy_einsum
"""an array is as good as a tensor"""
def terms_of_dJt_dWhh(gh, h):
    return np.einsum("ta,tb->tab", gh.numpy(), h.numpy())
