# %% by_a_loop
"""adds up one value after the other"""
def rank_for_energy(P, share):
    values = torch.linalg.svd(P.double()).S
    total, held = (values**2).sum(), 0.0
    for place, value in enumerate(values):
        held = held + value**2
        if held >= share * total:
            return place + 1
    return len(values)


# %% by_numpy
"""numpy's SVD and a search in a sorted array"""
def rank_for_energy(P, share):
    s = np.linalg.svd(P.numpy().astype(np.float64), compute_uv=False)
    c = np.cumsum(s**2) / np.sum(s**2)
    return np.searchsorted(c, share) + 1


# %% by_eigenvalues
"""eigenvalues of P P^T are the squares of the singular values"""
def rank_for_energy(P, share):
    P = P.double()
    e = torch.linalg.eigvalsh(P @ P.T).clamp_min(0).flip(0)
    c = torch.cumsum(e, 0) / e.sum()
    return torch.argmax((c >= share - 1e-12).int()) + 1
