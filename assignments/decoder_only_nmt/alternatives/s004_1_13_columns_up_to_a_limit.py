"""
item: s004-1.13
cell: s004-1_13
why: row i may look at the columns below max(n, i + 1): a staircase that begins at n
"""

def prefix_mask(n, m):
    limit = torch.arange(1, n + m + 1).clamp(min=n)
    return torch.arange(n + m) < limit[:, None]
