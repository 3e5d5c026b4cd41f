"""
item: s000-3.2.3
cell: s000-3_2_3
why: einsum over the step
"""

def dJt_dWhh(gh, h):
    return torch.einsum('ta,tb->ab', gh, h)
