# %% factor_by_factor
"""each factor on its own"""
def kernel_estimate(q, k, omega):
    m = len(omega)
    return np.exp(-np.linalg.norm(q) ** 2 / 2) * sum(np.exp(w @ q) * np.exp(w @ k) for w in omega) / m * np.exp(-(k @ k) / 2)


def gaussian_mgf(q, k):
    return np.exp(np.linalg.norm(q + k) ** 2 / 2)


# %% by_logarithms
"""a sum of exponentials in logarithms"""
def kernel_estimate(q, k, omega):
    z = omega @ q + omega @ k
    return math.exp(np.logaddexp.reduce(z) - math.log(len(z)) - 0.5 * (np.sum(q**2) + np.sum(k**2)))


def gaussian_mgf(q, k):
    return math.exp((q @ q) / 2 + q @ k + (k @ k) / 2)


# %% by_torch
"""tensors of one number"""
def kernel_estimate(q, k, omega):
    q, k, omega = torch.tensor(q), torch.tensor(k), torch.tensor(omega)
    f, g = torch.exp(omega @ q - q.square().sum() / 2), torch.exp(omega @ k - k.square().sum() / 2)
    return (f * g).mean()


def gaussian_mgf(q, k):
    return torch.exp(torch.tensor(q + k).square().sum() / 2)


# %% an_array_of_one
"""a number may come in an array of one entry"""
def kernel_estimate(q, k, omega):
    return np.exp(omega @ (q + k)[:, None] - (q @ q + k @ k) / 2).mean(axis=0)


def gaussian_mgf(q, k):
    s = (q + k)[None]
    return [float(np.exp(s @ s.T / 2)[0, 0])]
