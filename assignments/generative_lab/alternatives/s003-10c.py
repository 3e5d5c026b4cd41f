# %% a_random_walk
"""z0 plus a walk, scaled at the end"""
def pair_sampler(z0, eta1, eta2, V1, V2):
    walk = math.sqrt(eta1) * V1
    further = walk + math.sqrt(eta2 - eta1) * V2
    return [(z0 + walk) / math.sqrt(1 + eta1), (z0 + further) / math.sqrt(1 + eta2)]


# %% by_alpha_and_gamma
"""the closed forms of 2.1 and 2.2, noise with the other sign, one array for both"""
def pair_sampler(z0, eta1, eta2, V1, V2):
    a1, a2 = 1 / (1 + eta1), 1 / (1 + eta2)
    g = gamma(a1, a2)
    z1 = a1**0.5 * z0 - (eta1 * a1) ** 0.5 * V1
    return np.stack([z1, g**0.5 * z1 - (1 - g) ** 0.5 * V2])


# %% the_second_first
"""the noisier one first, and back to the first as a conditional draw; tensors come back"""
def pair_sampler(z0, eta1, eta2, V1, V2):
    z0, V1, V2 = (torch.tensor(np.asarray(part)) for part in (z0, V1, V2))
    u2 = z0 + eta2**0.5 * V1
    share = eta1 / eta2
    u1 = z0 + share * (u2 - z0) + (share * (eta2 - eta1)) ** 0.5 * V2
    return u1 / (1 + eta1) ** 0.5, u2 / (1 + eta2) ** 0.5


# %% by_cholesky
"""the two noises from a factor of their covariance"""
def pair_sampler(z0, eta1, eta2, V1, V2):
    cross = eta1 / np.sqrt((1 + eta1) * (1 + eta2))
    a = np.sqrt(eta1 / (1 + eta1))
    b = cross / a if a > 0 else 0.0
    c = np.sqrt(eta2 / (1 + eta2) - b**2)
    return z0 / np.sqrt(1 + eta1) + a * V1, z0 / np.sqrt(1 + eta2) + b * V1 + c * V2
