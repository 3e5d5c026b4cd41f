# %% spelled_out
"""multiplied out, and given as lists"""
def alpha_eps_from_beta_delta(beta, delta):
    return [beta, delta - delta * beta]


def beta_delta_from_alpha_eps(alpha, eps):
    return [alpha, eps * (1 / (1 - alpha))]


# %% by_the_sum_of_the_echoes
"""one gradient moves the weights by eps (1 + alpha + alpha^2 + ...) in one form and by delta in the other"""
def alpha_eps_from_beta_delta(beta, delta):
    echoes = 1 / (1 - beta)
    return np.array([beta, delta / echoes])


def beta_delta_from_alpha_eps(alpha, eps):
    return torch.tensor([alpha, eps * np.sum(alpha ** np.arange(20000.0))], dtype=torch.float64)


# %% solved
"""runs two steps of both forms and solves for the two numbers"""
def alpha_eps_from_beta_delta(beta, delta):
    v1 = (1 - beta) * 1.0
    v2 = beta * v1
    first, second = -delta * v1, -delta * v2
    return second / first, -first


def beta_delta_from_alpha_eps(alpha, eps):
    beta = (-eps * alpha) / (-eps)
    return beta, eps / (1 - beta)
