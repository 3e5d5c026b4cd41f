# %% autograd_inside
"""a linear map has the same gradient everywhere, so autograd may start from any state"""
def dJt_dhi(g_o, Wyh, Whh, t, i):
    state = torch.zeros_like(Wyh[0]).requires_grad_()
    h = state * float(i <= t)
    for _ in range(t - i):
        h = Whh @ h
    return torch.autograd.grad((Wyh @ h) @ g_o, state)[0]


# %% matrix_power
"""the transposed matrix power, applied at once"""
def dJt_dhi(g_o, Wyh, Whh, t, i):
    lag = t - i
    if lag < 0:
        return torch.zeros(Whh.shape[0], dtype=Whh.dtype)
    return torch.linalg.matrix_power(Whh, lag).T @ Wyh.T @ g_o


# %% numpy_inside
"""numpy, with the dtype of the inputs; a plain array is as good as a tensor"""
def dJt_dhi(g_o, Wyh, Whh, t, i):
    W, V, g = (part.detach().numpy() for part in (Whh, Wyh, g_o))
    if i > t:
        return np.zeros(len(W), dtype=W.dtype)
    return np.linalg.matrix_power(W.T, t - i) @ (V.T @ g)


# %% recursion_on_the_lag
"""dJ_t/dh_i from dJ_t/dh_{i+1}, as in the induction"""
def dJt_dhi(g_o, Wyh, Whh, t, i):
    if i > t:
        return torch.zeros_like(Wyh[0])
    if i == t:
        return torch.einsum('yh,y->h', Wyh, g_o)
    return torch.einsum('ab,a->b', Whh, dJt_dhi(g_o, Wyh, Whh, t, i + 1))


# %% row_vectors
"""row-vector convention: factors from the right, without transposes, flattened at the end"""
def dJt_dhi(g_o, Wyh, Whh, t, i):
    row = g_o.reshape(1, -1) @ Wyh * float(i <= t)
    for _ in range(t - i):
        row = row @ Whh
    return row.flatten()
