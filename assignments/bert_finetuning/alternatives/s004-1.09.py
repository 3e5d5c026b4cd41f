# %% as_the_library_collates
"""three Bernoulli masks one after the other, as in the library's collator"""
def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    inputs, labels = ids.clone(), ids.clone()
    chance = torch.full(ids.shape, float(p))
    for mark in special_ids:
        chance[ids == mark] = 0.0
    chosen = torch.bernoulli(chance, generator=gen).bool()
    labels[~chosen] = -100
    hidden = torch.bernoulli(torch.full(ids.shape, 0.8), generator=gen).bool() & chosen
    inputs[hidden] = mask_id
    replaced = torch.bernoulli(torch.full(ids.shape, 0.5), generator=gen).bool() & chosen & ~hidden
    inputs[replaced] = torch.randint(vocab_size, (int(replaced.sum()),), generator=gen)
    return inputs, labels

def signal_ratio(n, p=0.15):
    return (1 - 1 / n) / p


# %% bernoulli_step_by_step
"""Bernoulli draws, one after the other: 80 %, then half of the rest"""
def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    inputs, labels = ids.clone(), ids.clone()
    chance = torch.full(ids.shape, float(p))
    for mark in special_ids:
        chance[ids == mark] = 0.0
    chosen = torch.bernoulli(chance, generator=gen).bool()
    labels[~chosen] = -100
    hidden = torch.bernoulli(torch.full(ids.shape, 0.8), generator=gen).bool() & chosen
    inputs[hidden] = mask_id
    swapped = torch.bernoulli(torch.full(ids.shape, 0.5), generator=gen).bool() & chosen & ~hidden
    inputs[swapped] = torch.randint(vocab_size, ids.shape, generator=gen)[swapped]
    return inputs, labels

def signal_ratio(n, p=0.15):
    return (1 - 1 / n) / p


# %% one_number_per_token
"""a single number per token decides everything"""
def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    u = torch.rand(ids.shape, generator=gen, dtype=torch.float64)
    u[sum((ids == mark) for mark in special_ids).bool()] = 2.0
    words = torch.floor(torch.rand(ids.shape, generator=gen, dtype=torch.float64) * vocab_size).long()
    inputs = ids.clone()
    inputs[u < 0.8 * p] = mask_id
    swapped = (u >= 0.8 * p) & (u < 0.9 * p)
    inputs[swapped] = words[swapped]
    return inputs, ids.masked_fill(u >= p, -100)

def signal_ratio(n, p=0.15):
    return torch.tensor(n - 1, dtype=torch.float64) / (p * n)


# %% token_by_token
"""a loop over tokens; random words without the marks would do as well"""
def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    special = set(special_ids)
    coins = torch.rand((3, *ids.shape), generator=gen).tolist()
    inputs, labels = ids.tolist(), [[-100] * ids.shape[1] for _ in ids]
    for r, row in enumerate(ids.tolist()):
        for c, token in enumerate(row):
            if token in special or coins[0][r][c] >= p:
                continue
            labels[r][c] = token
            if coins[1][r][c] < 0.8:
                inputs[r][c] = mask_id
            elif coins[1][r][c] < 0.9:
                inputs[r][c] = int(coins[2][r][c] * vocab_size)
    return torch.tensor(inputs), torch.tensor(labels)

def signal_ratio(n, p=0.15):
    return (n - 1) / (n * p)
