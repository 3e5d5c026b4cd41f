# %% by_names
"""the choice spelled out, the moments as a matrix of second moments"""
A, B = "mu", "sigma^2"


def AB(mu, sigma):
    return [mu, sigma * sigma]


def expected_loss(X, y, w, mu, sigma):
    S = mu * mu * (X.T @ X) + sigma * sigma * np.diag(np.einsum("ij,ij->j", X, X))
    return y @ y - 2 * mu * y @ (X @ w) + w @ S @ w


def minimiser(X, y, mu, sigma):
    S = mu * mu * (X.T @ X) + sigma * sigma * np.diag(np.einsum("ij,ij->j", X, X))
    return np.linalg.inv(S) @ (mu * (X.T @ y))


# %% rows_added
"""least squares with a row added for each feature; letters as sets, numbers as arrays"""
A, B = {"A"}, ["d"]


def AB(mu, sigma):
    return np.array([mu, sigma**2])


def expected_loss(X, y, w, mu, sigma):
    total = 0.0
    for row, target in zip(X, y, strict=True):
        total = total + (target - mu * row @ w) ** 2 + sigma**2 * sum((row * w) ** 2)
    return np.array([total])


def minimiser(X, y, mu, sigma):
    gamma = np.diag(np.linalg.norm(X, axis=0))
    return np.linalg.lstsq(np.vstack([mu * X, sigma * gamma]), np.concatenate([y, np.zeros(X.shape[1])]), rcond=None)[0].tolist()


# %% by_torch
"""torch does the algebra"""
def expected_loss(X, y, w, mu, sigma):
    X, y, w = (torch.tensor(np.asarray(part)) for part in (X, y, w))
    return ((y - mu * (X @ w)) ** 2).sum() + sigma**2 * (torch.linalg.vector_norm(X, dim=0) * w).square().sum()


def minimiser(X, y, mu, sigma):
    X, y = torch.tensor(np.asarray(X)), torch.tensor(np.asarray(y))
    return torch.linalg.solve(mu**2 * X.T @ X + sigma**2 * torch.diag((X * X).sum(0)), mu * X.T @ y)
