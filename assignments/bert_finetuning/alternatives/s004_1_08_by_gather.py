"""
item: s004-1.08
cell: s004-1_08
why: gather along the positions, the last one found from behind
"""

def pool(H, mask, kind):
    n = mask.shape[1]
    at = mask.long().argmax(dim=1) if kind == "cls" else n - 1 - mask.flip(1).long().argmax(dim=1)
    return H.gather(1, at.view(-1, 1, 1).expand(-1, 1, H.shape[-1])).squeeze(1)
