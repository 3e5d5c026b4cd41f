# %% by_loops
"""plain Python, one prediction after the other"""
def brier(p, hit):
    return sum((1 - q) ** 2 if yes else q**2 for q, yes in zip(p.tolist(), hit.tolist(), strict=True)) / len(p)


def log_score(p, hit):
    return sum(-math.log(q if yes else 1 - q) for q, yes in zip(p.tolist(), hit.tolist(), strict=True)) / len(p)


# %% by_torch
"""torch's own losses give the same numbers"""
def brier(p, hit):
    return nn.functional.mse_loss(torch.from_numpy(p), torch.from_numpy(hit).double())


def log_score(p, hit):
    chance = torch.from_numpy(np.where(hit, p, 1 - p))
    return -torch.log(chance).mean()


# %% by_logarithms_of_both
"""log1p for the misses, and 0 where a term is not asked for"""
def brier(p, hit):
    y = hit.astype(float)
    return np.average(p * p - 2 * p * y + y)


def log_score(p, hit):
    total = -np.log(p[hit]).sum() - np.log1p(-p[~hit]).sum()
    return total / p.size
