"""
item: s004-1.13
cell: s004-1_13
why: two loops over nested lists; numpy-like tensor at the end
"""

def prefix_mask(n, m):
    mask = torch.zeros((n + m, n + m), dtype=torch.bool)
    for i in range(n + m):
        for j in range(n + m):
            mask[i, j] = j < n if i < n else j <= i
    return mask
