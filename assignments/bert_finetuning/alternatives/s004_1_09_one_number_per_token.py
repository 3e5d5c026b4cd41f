"""
item: s004-1.09
cell: s004-1_09
why: a single number per token decides everything
"""

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
