# %% by_replay
"""from the schedule"""
def loads(L, k):
    return [j for name, j in schedule(L, k) if name == "loadmem"]


# %% input_convention
"""what the inputs of the layers need"""
def loads(L, k):
    return tuple((layer - 1) // k * k for layer in range(L, 0, -1))


# %% as_an_array
"""an array, by remainders"""
def loads(L, k):
    layers = np.arange(L, 0, -1)
    return layers - layers % k
