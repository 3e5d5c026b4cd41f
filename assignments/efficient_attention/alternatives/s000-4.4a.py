# %% division_in_d
"""1/h may stand in D as well"""
def projections(Q, K, k):
    _, _, Vh = torch.linalg.svd(Q @ K.T)
    return Vh[:k], Vh[:k] / Q.shape[1]


# %% turned_by_a_matrix
"""for any invertible A, A^-T C and A D do the same"""
def projections(Q, K, k):
    Vh = torch.linalg.svd(Q @ K.T / Q.shape[1]).Vh[:k]
    A = torch.eye(k, dtype=Q.dtype) + 0.3 * torch.ones(k, k, dtype=Q.dtype).triu(1)
    return torch.linalg.inv(A).T @ Vh / Q.shape[1], A @ Vh


# %% roots_in_both
"""the root of 1/h in each; without an n x n matrix: QR of both factors first"""
def projections(Q, K, k):
    R = torch.linalg.qr(Q).R
    right, core = torch.linalg.qr(K)
    _, _, Wh = torch.linalg.svd(R @ core.T)
    Vh = Wh[:k] @ right.T / Q.shape[1] ** 0.5
    return Vh, Vh


# %% rows_of_the_product
"""an orthonormal basis of the row space of Q K^T, found by eigenvectors of P^T P; in lists"""
def projections(Q, K, k):
    P = Q @ K.T
    _, vectors = torch.linalg.eigh(P.T @ P)
    basis = vectors.T.flip(0)[:k]
    return (basis / Q.shape[1]).tolist(), basis.tolist()


# %% stacked
"""both in one tensor, whose first axis tells them apart"""
def projections(Q, K, k):
    Vh = torch.linalg.svd(Q @ K.T).Vh[:k]
    return torch.stack([Vh / Q.shape[1], Vh])
