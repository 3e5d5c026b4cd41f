# %% by_autograd
"""the derivative of the penalty at theta = 1, by autograd"""
def lambda_from_gamma(eta, gamma):
    theta = torch.ones((), dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(gamma * theta**2, theta)
    return eta * slope


def gamma_from_lambda(eta, lam):
    return lam / float(lambda_from_gamma(eta, 1.0))


# %% one_step
"""makes one step from theta = 1 and looks at what is gone"""
def lambda_from_gamma(eta, gamma):
    return np.float64(eta) * (gamma + gamma)


def gamma_from_lambda(eta, lam):
    return 0.5 * lam / eta


# %% as_arrays
"""numbers as arrays of one element"""
def lambda_from_gamma(eta, gamma):
    return np.array([2.0]) * gamma * eta


def gamma_from_lambda(eta, lam):
    return torch.tensor(lam, dtype=torch.float64) / eta / 2
