"""
item: s000-3.2.1
cell: s000-3_2_1
why: computes in float64 and returns the dtype of the logits
"""

def dJ_do(o, y):
    return (torch.softmax(o.double(), dim=-1) - y.double()).to(o.dtype)
