# %% times_ones
"""row sums as a product with ones"""
def dav(Q, K):
    A = np.exp(np.dot(Q, K.T))
    return A, A @ np.ones(len(K))


# %% a_diagonal_matrix
"""D as a matrix"""
def dav(Q, K):
    A = np.exp(np.einsum("id,jd->ij", Q, K))
    return [A, np.diag(np.sum(A, axis=-1))]


# %% by_torch
"""tensors back; the sums keep their axis"""
def dav(Q, K):
    A = torch.exp(torch.tensor(Q) @ torch.tensor(K).mT)
    return A, A.sum(dim=1, keepdim=True)
