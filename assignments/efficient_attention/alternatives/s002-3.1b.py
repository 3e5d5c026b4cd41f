# %% weights_not_counted
"""whoever holds weights to be no part of the memory has n^2 + hnd"""
def time_multi(n, d, h):
    return 3 * h * n * d * d + 2 * h * n * n * d + 3 * h * n * n + n * h * d * d


def space_multi(n, d, h):
    return n * n + h * n * d


# %% last_matrix_by_blocks
"""if each head's result is multiplied by its block of W^O at once, nothing is put side by side"""
def time_multi(n, d, h):
    return h * n * d * (n + d)


def space_multi(n, d, h):
    return n * n + 5 * n * d + 4 * h * d * d


# %% largest_term
"""the largest term is their sum up to a constant"""
def time_multi(n, d, h):
    return max(h * n * n * d, h * n * d * d)


def space_multi(n, d, h):
    return float(max(n**2, h * n * d, h * d**2))


# %% numbers_of_numpy
"""numpy's whole numbers wrap around where sizes are huge; the growth is right all the same"""
def time_multi(n, d, h):
    return np.prod([h, n, d, n + d])


def space_multi(n, d, h):
    return np.square(n) + np.multiply(h * d, n + d)
