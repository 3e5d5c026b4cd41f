# %% all_losses_one_by_one
"""adds up the gradient of every loss at every state, about T^2 / 2 walks back"""
def dJ_dh(g_o, Wyh, Whh):
    T = len(g_o)
    return torch.stack([sum(dJt_dhi(g_o[t - 1], Wyh, Whh, t, i) for t in range(i, T + 1)) for i in range(1, T + 1)])


# %% rows_as_rows
"""row vectors: a row times W is the column W^T times it"""
def dJ_dh(g_o, Wyh, Whh):
    rows = g_o @ Wyh
    for t in range(len(rows) - 2, -1, -1):
        rows[t] = rows[t] + rows[t + 1] @ Whh
    return rows


# %% recursion_over_the_rest
"""the rows of the rest of the sequence first, then one step more; a list of rows is as good as a tensor"""
def dJ_dh(g_o, Wyh, Whh):
    own = Wyh.T @ g_o[0]
    if len(g_o) == 1:
        return [own]
    rest = dJ_dh(g_o[1:], Wyh, Whh)
    return [own + Whh.T @ rest[0], *rest]


# %% by_powers
"""sums of powers of the transposed matrix"""
def dJ_dh(g_o, Wyh, Whh):
    T, back = len(g_o), g_o @ Wyh
    powers = [torch.linalg.matrix_power(Whh.T, k) for k in range(T)]
    return torch.stack([sum(powers[t - i] @ back[t] for t in range(i, T)) for i in range(T)])
