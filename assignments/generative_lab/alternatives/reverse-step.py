# %% other_sign
"""noise may be taken with the other sign"""
def reverse_step(z2, z0, eta1, eta2, V):
    u2 = z2 * math.sqrt(1 + eta2)
    u1 = u2 * eta1 / eta2 + z0 * (eta2 - eta1) / eta2 - math.sqrt(eta1 / eta2 * (eta2 - eta1)) * V
    return u1 / math.sqrt(1 + eta1)


# %% by_conditioning
"""the conditional law of two normal variables"""
def reverse_step(z2, z0, eta1, eta2, V):
    s1, s2 = 1 / np.sqrt(1 + eta1), 1 / np.sqrt(1 + eta2)
    v1, v2, c = eta1 * s1**2, eta2 * s2**2, eta1 * s1 * s2
    return s1 * z0 + c / v2 * (z2 - s2 * z0) + np.sqrt(np.maximum(v1 - c**2 / v2, 0.0)) * V


# %% tensors
"""torch computes, tensors come back"""
def reverse_step(z2, z0, eta1, eta2, V):
    z2, z0, V = (torch.tensor(np.asarray(part)) for part in (z2, z0, V))
    share = eta1 / eta2
    return (torch.lerp(z0, z2 * (1 + eta2) ** 0.5, share) + (share * (eta2 - eta1)) ** 0.5 * V) / (1 + eta1) ** 0.5
