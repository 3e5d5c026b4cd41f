"""
item: s000-3.2.3
cell: s000-3_2_3
why: numpy; a plain array is as good as a tensor
"""

def dJt_dWhh(gh, h):
    return np.sum(gh.numpy()[:, :, None] * h.numpy()[:, None, :], axis=0)
