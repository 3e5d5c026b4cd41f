# %% by_gather
"""gather along the axis of places"""
def read_out(states, lengths):
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, states.shape[2])
    return states.gather(1, index)[:, 0]


# %% by_a_loop
"""one sequence after the other"""
def read_out(states, lengths):
    return torch.stack([row[int(n) - 1] for row, n in zip(states, lengths, strict=True)])


# %% by_one_hot
"""a sum with weight 1 at the last token"""
def read_out(states, lengths):
    last = torch.arange(states.shape[1])[None] == (lengths - 1)[:, None]
    return torch.einsum("bnh,bn->bh", states, last.to(states.dtype))
