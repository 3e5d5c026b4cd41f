# %% by_the_pairs_own_variance
"""the variance of a pair of numbers is half their squared difference; a spread is the root of the mean variance"""
def seed_spread(first, second):
    pairs = np.stack([np.asarray(first, dtype=float), np.asarray(second, dtype=float)])
    return np.sqrt(pairs.var(axis=0, ddof=1).mean())


# %% in_plain_python
"""no library, exact whole numbers where they come in, other names for the same sizes"""
def updates_for(compute, parameters):
    per_update = 6 * parameters * 16 * 32
    whole = int(compute // per_update)
    whole += compute - whole * per_update > per_update / 2
    return whole if whole > 0 else 1


def seed_spread(first, second):
    squares = [(a - b) ** 2 for a, b in zip(first, second, strict=True)]
    return math.sqrt(sum(squares) / (2 * len(squares)))


# %% in_torch
"""torch in double precision; a number of one entry is a number"""
def updates_for(compute, parameters):
    tokens = torch.tensor(compute, dtype=torch.float64) / 6 / parameters
    return torch.clamp((tokens / (scaling.BATCH * scaling.CONTEXT)).round(), min=1)


def seed_spread(first, second):
    first, second = (torch.as_tensor(np.asarray(values), dtype=torch.float64) for values in (first, second))
    return torch.linalg.vector_norm(first - second) / math.sqrt(2 * len(first))
