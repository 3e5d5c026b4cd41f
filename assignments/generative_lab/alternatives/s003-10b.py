# %% by_logarithms
"""a ratio as a difference of logarithms"""
def gamma(alpha_t, alpha_tau):
    return math.exp(math.log(alpha_tau) - math.log(alpha_t))


# %% as_an_array
"""a number in an array"""
def gamma(alpha_t, alpha_tau):
    return np.divide([alpha_tau], [alpha_t])


# %% as_a_tensor
"""a number in a tensor"""
def gamma(alpha_t, alpha_tau):
    return torch.tensor(alpha_tau, dtype=torch.float64) / torch.tensor(alpha_t, dtype=torch.float64)
