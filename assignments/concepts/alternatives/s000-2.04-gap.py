# %% by_counts
"""counts of found and of deserving people"""
def recall_gap(said, truth, group):
    found = np.bincount(group, weights=said * truth, minlength=2)
    there = np.bincount(group, weights=truth, minlength=2)
    return (found / there)[0] - (found / there)[1]


# %% by_lists
"""plain Python"""
def recall_gap(said, truth, group):
    rates = []
    for which in (0, 1):
        inside = [int(s) for s, y, g in zip(said, truth, group, strict=True) if y == 1 and g == which]
        rates.append(sum(inside) / len(inside))
    return rates[0] - rates[1]


# %% by_torch
"""torch inside, a tensor of one number outside"""
def recall_gap(said, truth, group):
    s, y, g = (torch.tensor(part).double() for part in (said, truth, group))
    one = (s * y * (1 - g)).sum() / (y * (1 - g)).sum()
    return one - (s * y * g).sum() / (y * g).sum()
