"""
item: s000-3.2.1
cell: s000-3_2_1
why: numpy with a shift per row; an array is as good as a tensor
"""

def dJ_do(o, y):
    logits, target = o.detach().numpy(), y.detach().numpy()
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - target
