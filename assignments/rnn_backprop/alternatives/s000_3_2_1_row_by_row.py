"""
item: s000-3.2.1
cell: s000-3_2_1
why: one row at a time, by recursion over leading axes; returns a list where there are rows
"""

def dJ_do(o, y):
    if o.ndim > 1:
        return [dJ_do(row, target) for row, target in zip(o, y, strict=True)]
    return torch.softmax(o, dim=0) - y
