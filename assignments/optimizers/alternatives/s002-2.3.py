# %% by_expm1
"""1 - beta^t without loss of digits for beta near 1"""
def bias_factor(beta, t):
    return -math.expm1(t * math.log(beta)) if beta > 0 else 1.0


def debias(v, beta, t):
    return v / -np.expm1(t * np.log(beta)) if beta > 0 else v.copy()


# %% summed
"""adds up the weights of the running average"""
def bias_factor(beta, t):
    return float(sum((1 - beta) * beta ** i for i in range(t)))


def debias(v, beta, t):
    return torch.from_numpy(np.array(v)) / bias_factor(beta, t)


# %% by_the_average_of_ones
"""runs the average on gradients that are all 1"""
def bias_factor(beta, t):
    ones = 0.0
    for _ in range(t):
        ones = beta * ones + (1 - beta)
    return ones


def debias(v, beta, t):
    return (np.array(v) * (1 / bias_factor(beta, t))).tolist()
