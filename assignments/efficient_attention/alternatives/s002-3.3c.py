# %% exact_counts
"""exact numbers of multiplications, and of numbers held"""
def time_approx(n, m, d):
    return 2 * n * m * d + n * m * d + n * m * d + 2 * n * m


def space_approx(n, m, d):
    return 3 * n * d + 2 * n * m + m * d + m + n * d


# %% keys_in_a_stream
"""keys one by one, no features kept"""
def time_approx(n, m, d):
    return float(n) * m * d


def space_approx(n, m, d):
    return 4 * n * d + m * d + m


# %% largest_terms
"""the largest term alone"""
def time_approx(n, m, d):
    return n * m * (d + 1)


def space_approx(n, m, d):
    return n * max(m, d)
