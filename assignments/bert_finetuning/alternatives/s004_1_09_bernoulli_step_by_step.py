"""
item: s004-1.09
cell: s004-1_09
why: Bernoulli draws, one after the other: 80 %, then half of the rest
"""

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
