"""
item: s004-1.13
cell: s004-1_13
why: what is forbidden is written down, from a list of lists, and turned around
"""

def prefix_mask(n, m):
    size = range(n + m)
    forbidden = torch.tensor([[column > row and column >= n for column in size] for row in size])
    return ~forbidden
