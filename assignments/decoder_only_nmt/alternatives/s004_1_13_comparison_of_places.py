"""
item: s004-1.13
cell: s004-1_13
why: column before row, or both inside the prefix, as a comparison of places
"""

def prefix_mask(n, m):
    row = torch.arange(n + m).reshape(-1, 1)
    column = torch.arange(n + m).reshape(1, -1)
    return (row >= column) | (torch.maximum(row, column) < n)
