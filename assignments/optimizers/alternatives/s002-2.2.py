# %% loop
"""fades what is there at each step and appends the new gradient's share"""
def unrolled_coeffs(beta, t):
    c = []
    for _ in range(t):
        c = [beta * x for x in c] + [1 - beta]
    return c


# %% responses
"""how the average answers to a gradient of 1 at each step in turn"""
def unrolled_coeffs(beta, t):
    v = torch.zeros(t, dtype=torch.float64)
    for i in range(t):
        v = beta * v
        v[i] += 1 - beta
    return v


# %% powers_turned
"""powers from the newest on, turned round; 0 to the power of 0 is 1"""
def unrolled_coeffs(beta, t):
    return ((1 - beta) * np.power(float(beta), np.arange(t)))[::-1].copy()
