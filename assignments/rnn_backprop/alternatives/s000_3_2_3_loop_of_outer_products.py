"""
item: s000-3.2.3
cell: s000-3_2_3
why: the sum over steps, one outer product at a time
"""

def dJt_dWhh(gh, h):
    total = torch.zeros_like(torch.outer(gh[0], h[0]))
    for g, state in zip(gh, h, strict=True):
        total = total + torch.outer(g, state)
    return total
