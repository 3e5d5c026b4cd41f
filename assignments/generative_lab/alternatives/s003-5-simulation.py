# %% a_loop
"""draw after draw, the variance by hand"""
def simulated_loss(X, y, w, R):
    losses = [sum((y - (r * X) @ w) ** 2) for r in R]
    m = len(losses)
    mean = sum(losses) / m
    return [mean, (sum((one - mean) ** 2 for one in losses) / (m - 1) / m) ** 0.5]


# %% einsum
"""one product over all axes"""
def simulated_loss(X, y, w, R):
    losses = np.linalg.norm(np.einsum("kij,ij,j->ki", R, X, w) - y, axis=1) ** 2
    return np.array([losses.mean(), np.sqrt(losses.var(ddof=1) / losses.size)])


# %% by_torch
"""torch's std is the sample deviation"""
def simulated_loss(X, y, w, R):
    X, y, w, R = (torch.tensor(np.asarray(part)) for part in (X, y, w, R))
    losses = (y - (R * X) @ w).pow(2).sum(-1)
    return losses.mean(), losses.std() / len(losses) ** 0.5
