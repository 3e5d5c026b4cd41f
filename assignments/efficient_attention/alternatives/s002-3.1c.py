# %% from_raw_counts
"""the share computed from the counts, the letter in a set"""
mc = {"c"}


def attention_fraction(n, d):
    scores, matrices = 2 * n * n * d, 4 * n * d * d
    return scores / (scores + matrices)


def n_half(d):
    return d + d


# %% capitals
"""a capital letter in a list; other ways of writing the fraction"""
mc = ["C"]


def attention_fraction(n, d):
    return 1 / (1 + 2 * d / n)


def n_half(d):
    return 2.0 * d


# %% solved
"""the half is searched for"""
mc = "(c)"


def attention_fraction(n, d):
    return 1 - 2 * d / (n + 2 * d)


def n_half(d):
    return next(n for n in range(1, 10**6) if 2 * n * n * d >= 4 * n * d * d)
