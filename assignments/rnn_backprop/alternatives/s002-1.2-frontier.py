# %% by_logarithms
"""the quotient of two logarithms, rounded down; a hair is added where they divide without remainder"""
def frontier(W, gamma, least):
    size = gamma * np.linalg.norm(W, 2)
    if size >= 1:
        return math.inf
    return 0 if size == 0 else math.floor(math.log(least) / math.log(size) + 1e-9)


# %% doubling
"""doubles the number of steps until the bound is below the level, then halves the gap; a float is a number, too"""
def frontier(W, gamma, least):
    if vanishing_bound(W, gamma, 1) >= 1:
        return float("inf")
    low, high = 0, 1
    while vanishing_bound(W, gamma, high) >= least:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if vanishing_bound(W, gamma, middle) >= least else (low, middle)
    return float(low)


# %% product_in_a_loop
"""one factor after the other, from the largest singular value"""
def frontier(W, gamma, least):
    factor = gamma * np.linalg.svd(W, compute_uv=False)[0]
    if factor >= 1:
        return np.inf
    steps, bound = 0, factor
    while bound >= least:
        steps, bound = steps + 1, bound * factor
    return np.int64(steps)
