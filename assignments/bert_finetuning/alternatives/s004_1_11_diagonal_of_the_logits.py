"""
item: s004-1.11
cell: s004-1_11
why: the diagonal of all passes at once, log of softmax in numpy
"""

def pll(model, ids, *, mask_id, special_ids):
    n = len(ids)
    rows = ids.expand(n, n).clone()
    rows.fill_diagonal_(mask_id)
    at = torch.arange(n)
    scores = torch.log(torch.softmax(logits_of(model, rows)[at, at], dim=-1))[at, ids]
    return sum((float(s) for s, token in zip(scores, ids.tolist(), strict=False) if token not in list(special_ids)), 0.0)


def init_from(bert, lm):
    missing = []
    given = {name: p.detach() for name, p in bert.named_parameters()}
    for name, p in lm.named_parameters():
        fits = name in given and tuple(given[name].shape) == tuple(p.shape)
        if fits:
            p.detach().copy_(given[name])
        else:
            missing += [name]
    return sorted(missing)
