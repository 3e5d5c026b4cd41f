# %% a_column_of_ones
"""ones appended to the values bring the row sums along"""
def linear_attention(phiQ, phiK, V):
    both = phiQ @ (phiK.T @ np.hstack([V, np.ones((len(V), 1))]))
    return both[:, :-1] / both[:, -1:]


# %% einsum
"""sums written out"""
def linear_attention(phiQ, phiK, V):
    kv = np.einsum("jm,je->me", phiK, V)
    z = np.einsum("im,m->i", phiQ, phiK.sum(0))
    return np.einsum("im,me->ie", phiQ, kv) / z[:, np.newaxis]


# %% in_blocks_by_torch
"""keys in blocks, sums carried along"""
def linear_attention(phiQ, phiK, V):
    q, k, v = (torch.as_tensor(np.array(x)) for x in (phiQ, phiK, V))
    kv, z = 0, 0
    for a, b in zip(k.split(4096), v.split(4096), strict=True):
        kv, z = kv + a.T @ b, z + a.sum(0)
    return (q @ kv) / (q @ z).unsqueeze(1)


# %% keys_scaled_first
"""a common factor of all keys falls out, so it may be divided away"""
def linear_attention(phiQ, phiK, V):
    k = phiK / phiK.max()
    return ((phiQ @ (k.T @ V)) / (phiQ @ k.sum(axis=0)).reshape(-1, 1))
