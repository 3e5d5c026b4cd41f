"""
item: s000-3.2.2
cell: s000-3_2_2
why: numpy, with the dtype of the inputs; a plain array is as good as a tensor
"""

def dJt_dhi(g_o, Wyh, Whh, t, i):
    W, V, g = (part.detach().numpy() for part in (Whh, Wyh, g_o))
    if i > t:
        return np.zeros(len(W), dtype=W.dtype)
    return np.linalg.matrix_power(W.T, t - i) @ (V.T @ g)
