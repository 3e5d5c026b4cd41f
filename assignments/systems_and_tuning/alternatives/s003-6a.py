# %% input_convention
"""the input of a layer is what its step back wants"""
def schedule(L, k):
    steps = []
    for layer in range(L, 0, -1):
        stored = (layer - 1) // k * k
        steps += [("loadmem", stored), *(("fwd", j) for j in range(stored + 1, layer)), ("backward", layer)]
    return steps


def loads(L, k):
    return [(layer - 1) // k * k for layer in range(L, 0, -1)]


# %% counted_by_simulation
"""the counts from the schedule itself, as an array"""
def remat_counts(L, k):
    names = [name for name, _ in schedule(L, k)]
    return np.array([names.count("fwd"), names.count("loadmem")])


# %% lists_and_floats
"""steps as lists, counts as floats"""
def schedule(L, k):
    def back(layer):
        first = layer - layer % k
        return [["loadmem", first]] + [["fwd", j + 1] for j in range(first, layer)] + [["backward", layer]]

    return [step for layer in reversed(range(1, L + 1)) for step in back(layer)]


def remat_counts(L, k):
    return [0.5 * L * (k - 1), float(L)]
