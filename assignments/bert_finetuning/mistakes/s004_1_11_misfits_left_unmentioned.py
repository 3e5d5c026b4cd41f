"""
item: s004-1.11
cell: s004-1_11
caught_by: what_does_not_fit_is_listed
misconception: what does not fit does not matter
explain: You never say what was left as it was. Random rows in an embedding table go unnoticed that way.
"""

def pll(model, ids, *, mask_id, special_ids):
    """Pseudo-log-likelihood of one sentence under a masked language model: a float, natural logarithm.

    ids: (n,) int64; sums log p(ids[i] | all others, place i hidden) over the places i that hold no special id.
    """
    places = [i for i, token in enumerate(ids.tolist()) if token not in special_ids]
    if not places:
        return 0.0
    rows = ids.repeat(len(places), 1)
    rows[torch.arange(len(places)), places] = mask_id
    scores = logits_of(model, rows)[torch.arange(len(places)), places].log_softmax(dim=-1)
    return float(scores[torch.arange(len(places)), ids[places]].sum())


def init_from(bert, lm):
    """Copy every parameter of `bert` into the parameter of `lm` with the same name and shape, in place.

    Returns the sorted names of the parameters of `lm` that got nothing. Afterwards the two share no memory,
    and `lm` can be trained as before.
    """
    source = dict(bert.named_parameters())
    missing = []
    with torch.no_grad():
        for name, parameter in lm.named_parameters():
            if name in source and source[name].shape == parameter.shape:
                parameter.copy_(source[name])
            else:
                missing.append(name)
    return []
