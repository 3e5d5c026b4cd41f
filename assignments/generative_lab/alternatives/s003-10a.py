# %% by_logarithms
"""products as sums of logarithms"""
def alpha_bar(betas):
    return np.exp(np.cumsum(np.log1p(-betas)))


# %% a_loop
"""one step after the other, in a list"""
def alpha_bar(betas):
    alphas, left = [], 1.0
    for beta in betas:
        left = left * (1 - float(beta))
        alphas.append(left)
    return alphas


# %% by_the_noise
"""the variance of the noise, step by step"""
def alpha_bar(betas):
    out, noise = np.empty(len(betas)), 0.0
    left = 1.0
    for t, beta in enumerate(betas):
        left -= beta * left
        noise = 1 - left
        out[t] = left if t > 20 else 1 - noise
    return torch.from_numpy(out)
