# %% causal_with_a_hole_filled
"""the given causal mask, with the square of the prefix opened"""
def prefix_mask(n, m):
    allowed = causal_mask(n + m).clone()
    allowed[:n, :n] = True
    return allowed


# %% columns_up_to_a_limit
"""row i may look at the columns below max(n, i + 1): a staircase that begins at n"""
def prefix_mask(n, m):
    limit = torch.arange(1, n + m + 1).clamp(min=n)
    return torch.arange(n + m) < limit[:, None]


# %% comparison_of_places
"""column before row, or both inside the prefix, as a comparison of places"""
def prefix_mask(n, m):
    row = torch.arange(n + m).reshape(-1, 1)
    column = torch.arange(n + m).reshape(1, -1)
    return (row >= column) | (torch.maximum(row, column) < n)


# %% filled_cell_by_cell
"""two loops over nested lists; numpy-like tensor at the end"""
def prefix_mask(n, m):
    mask = torch.zeros((n + m, n + m), dtype=torch.bool)
    for i in range(n + m):
        for j in range(n + m):
            mask[i, j] = j < n if i < n else j <= i
    return mask


# %% four_blocks
"""the four blocks are built and put together"""
def prefix_mask(n, m):
    open_, closed = torch.ones(n, n), torch.zeros(n, m)
    above = torch.cat((open_, closed), dim=1)
    below = torch.cat((torch.ones(m, n), torch.tril(torch.ones(m, m))), dim=1)
    return torch.cat((above, below), dim=0) > 0


# %% not_the_future
"""what is forbidden is written down, from a list of lists, and turned around"""
def prefix_mask(n, m):
    size = range(n + m)
    forbidden = torch.tensor([[column > row and column >= n for column in size] for row in size])
    return ~forbidden
