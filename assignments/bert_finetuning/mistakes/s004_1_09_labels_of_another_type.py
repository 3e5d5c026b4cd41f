"""
item: s004-1.09
cell: s004-1_09
caught_by: labels_only_where_chosen
misconception: labels are numbers like any other
explain: Your labels are floats. They are classes: cross_entropy refuses them, or takes them for probabilities. Keep
  int64.
"""

def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    """(inputs, labels) for masked language modelling, both (b, n) int64.

    ids: (b, n) int64, left as it is; p: probability of being chosen; gen: torch.Generator;
    special_ids: list of ids that are never chosen. Random tokens are drawn from 0 ... vocab_size - 1.
    """
    special = torch.isin(ids, torch.as_tensor(special_ids))
    chosen = (torch.rand(ids.shape, generator=gen) < p) & ~special
    kind = torch.rand(ids.shape, generator=gen)
    words = torch.randint(0, vocab_size, ids.shape, generator=gen)
    inputs = torch.where(chosen & (kind < 0.8), torch.full_like(ids, mask_id), ids)
    inputs = torch.where(chosen & (kind >= 0.9), words, inputs)
    return inputs, torch.where(chosen, ids.float(), torch.full(ids.shape, -100.0))


def signal_ratio(n, p=0.15):
    """How many times as many targets a left-to-right model has as a masked one, for n tokens and on average."""
    return (n - 1) / (p * n)
