# %% by_recursion
"""two more with each layer"""
def scale(l):
    return 1 if l == 0 else scale(l - 1) + 2


# %% by_simulation
"""runs the stack on a normalised vector"""
def scale(l):
    start = scale_to_one(centre(np.arange(5.0)))
    x = start
    for _ in range(2 * l):
        x = x + scale_to_one(centre(x))
    return x[0] / start[0]


# %% as_an_array
"""an array with one number"""
def scale(l):
    return np.array([1 + l + l], dtype=float)
