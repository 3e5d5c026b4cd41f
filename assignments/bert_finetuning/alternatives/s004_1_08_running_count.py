"""
item: s004-1.08
cell: s004-1_08
why: the running count of real tokens is 1 at the first and complete at the last
"""

def pool(H, mask, kind):
    seen = mask.long().cumsum(dim=1)
    target = torch.ones_like(seen[:, -1:]) if kind == "cls" else seen[:, -1:]
    hit = (seen == target) & (mask == 1)
    return H[hit]
