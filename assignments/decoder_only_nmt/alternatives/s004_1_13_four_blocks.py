"""
item: s004-1.13
cell: s004-1_13
why: the four blocks are built and put together
"""

def prefix_mask(n, m):
    open_, closed = torch.ones(n, n), torch.zeros(n, m)
    above = torch.cat((open_, closed), dim=1)
    below = torch.cat((torch.ones(m, n), torch.tril(torch.ones(m, m))), dim=1)
    return torch.cat((above, below), dim=0) > 0
