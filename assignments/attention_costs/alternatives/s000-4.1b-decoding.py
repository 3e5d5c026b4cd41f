# %% closed_forms
"""uses the sums of t and of t squared in closed form"""
def decoding_macs(n, h, cached):
    if cached:
        return 3 * n * h**2 + h * n * (n + 1)
    return 3 * h**2 * n * (n + 1) / 2 + h * n * (n + 1) * (2 * n + 1) / 3


# %% numpy_sums
"""sums over an array of steps"""
def decoding_macs(n, h, cached):
    t = np.arange(1, n + 1, dtype=float)
    return np.sum(3*h*h + 2*t*h) if cached else np.sum(3*t*h*h + 2*t**2*h)


# %% one_step_more_each_time
"""a running total over the steps, through macs"""
def decoding_macs(n, h, cached):
    work = 0.0
    for t in range(1, n + 1):
        layer = macs(t, h)
        pairs = (layer["scores"] + layer["values"]) / (t if cached else 1)
        work += layer["proj"] / (t if cached else 1) + pairs
    return work


# %% summed_in_tensors
"""adds up all steps at once in float64"""
def decoding_macs(n, h, cached):
    t = torch.arange(1, n + 1, dtype=torch.float64)
    projected, queries = (torch.ones_like(t), torch.ones_like(t)) if cached else (t, t)
    return (3 * projected * h**2 + 2 * queries * t * h).sum()
