# %% in_log_space
"""the root goes into the exponent"""
def favor_features(x, omega):
    return np.exp(x @ omega.T - 0.5 * np.sum(x**2, axis=1)[:, None] - 0.5 * np.log(omega.shape[0]))


def relative_sd(q, k, m):
    return np.sqrt((np.exp(np.sum((q + k) ** 2)) - 1) / m)


# %% by_torch
"""tensors back"""
def favor_features(x, omega):
    x, omega = torch.tensor(x), torch.tensor(omega)
    return torch.exp(x @ omega.T) * torch.exp(-x.square().sum(-1, keepdim=True) / 2) / len(omega) ** 0.5


def relative_sd(q, k, m):
    return torch.tensor(q + k).square().sum().expm1().div(m).sqrt()


# %% reversed_features
"""the order of the features is free: products do not see it"""
def favor_features(x, omega):
    m = len(omega)
    rows = [[math.exp(w @ row - row @ row / 2) / m**0.5 for w in omega[::-1]] for row in x]
    return rows


def relative_sd(q, k, m):
    s = float((q + k) @ (q + k))
    variance = math.exp(2 * s) - math.exp(s)
    return math.sqrt(max(0.0, variance) / m) / math.exp(s / 2)
