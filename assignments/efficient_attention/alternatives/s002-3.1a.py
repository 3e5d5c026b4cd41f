# %% exact_counts
"""exact numbers of operations and of numbers held"""
def time_single(n, d):
    return 2 * n * n * d + 3 * n * n


def space_single(n, d):
    return 2 * n * n + 3 * n * d + n * d


# %% leading_terms
"""constants are free, and the larger of two terms is their sum up to a factor of two"""
def time_single(n, d):
    return float(n) ** 2 * d


def space_single(n, d):
    return max(n * n, n * d)


# %% factored
"""a common factor may be taken out, and small terms may stand beside"""
def time_single(n, d):
    return n * (n * d + n + d) + 17


def space_single(n, d):
    return np.float64(n) * (n + d)


# %% numbers_of_numpy
"""numpy's whole numbers wrap around where sizes are huge; the growth is right all the same"""
def time_single(n, d):
    return np.prod([n, n, d])


def space_single(n, d):
    return np.power(n, 2) + np.multiply(n, d)
