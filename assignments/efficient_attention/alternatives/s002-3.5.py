# %% rounded_up
"""whole features"""
def features_needed(q, k, rel_err):
    return math.ceil((math.exp(np.sum((q + k) ** 2)) - 1) / rel_err**2)


rmse_slope = -1 / 2


def speedup(n, m, d):
    return n / m


def rank_cap(n, m):
    return m if m < n else n


# %% by_relative_sd
"""one vector's relative spread, over the error, squared"""
def features_needed(q, k, rel_err):
    return (relative_sd(q, k, 1) / rel_err) ** 2


rmse_slope = np.array(-0.5)


def speedup(n, m, d):
    return (2 * n * n * d + 3 * n * n) / (4 * n * m * d + 2 * n * m)


def rank_cap(n, m):
    return np.minimum(m, n)


# %% a_small_factor_off
"""constants of the speed-up are free"""
def features_needed(q, k, rel_err):
    s = torch.tensor(q + k)
    return torch.expm1(s @ s) / rel_err**2


rmse_slope = "-0.5"


def speedup(n, m, d):
    return n / (2 * m)


def rank_cap(n, m):
    return min([n, m])


# %% numbers_of_numpy
"""numpy's whole numbers wrap around where sizes are huge; the growth is right all the same"""
def features_needed(q, k, rel_err):
    return np.expm1(np.square(q + k).sum()) / np.square(rel_err)


rmse_slope = np.polyfit([0, 1, 2], [0, -0.5, -1], 1)[0]


def speedup(n, m, d):
    return np.prod([n, n, d]) / np.prod([2 * n, m, d])


def rank_cap(n, m):
    return np.linalg.matrix_rank(np.random.default_rng(0).random((n, m)) @ np.random.default_rng(1).random((m, n)))
