"""
item: s000-3.2.2
cell: s000-3_2_2
why: the transposed matrix power, applied at once
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    lag = t - i
    if lag < 0:
        return torch.zeros(Whh.shape[0], dtype=Whh.dtype)
    return torch.linalg.matrix_power(Whh, lag).T @ Wyh.T @ g_o
