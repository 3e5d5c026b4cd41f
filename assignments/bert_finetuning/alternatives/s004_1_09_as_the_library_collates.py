"""
item: s004-1.09
cell: s004-1_09
why: three Bernoulli masks one after the other, as in the library's collator
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
    replaced = torch.bernoulli(torch.full(ids.shape, 0.5), generator=gen).bool() & chosen & ~hidden
    inputs[replaced] = torch.randint(vocab_size, (int(replaced.sum()),), generator=gen)
    return inputs, labels


def signal_ratio(n, p=0.15):
    return (1 - 1 / n) / p
