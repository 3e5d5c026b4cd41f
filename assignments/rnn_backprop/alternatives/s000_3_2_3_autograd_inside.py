"""
item: s000-3.2.3
cell: s000-3_2_3
why: autograd of sum_i g_i . (W h_{i-1}), states held fixed
"""

def dJt_dWhh(gh, h):
    W = torch.zeros(h.shape[1], h.shape[1], dtype=h.dtype, requires_grad=True)
    return torch.autograd.grad((gh * (h @ W.T)).sum(), W)[0]
