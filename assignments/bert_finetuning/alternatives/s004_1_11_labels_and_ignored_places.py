"""
item: s004-1.11
cell: s004-1_11
why: cross-entropy with ignored places; load_state_dict with what fits
"""

def pll(model, ids, *, mask_id, special_ids):
    special = torch.isin(ids, torch.as_tensor(list(special_ids)))
    eye = torch.eye(len(ids), dtype=torch.bool)
    rows = torch.where(eye, torch.full_like(ids, mask_id), ids.expand(len(ids), -1))[~special]
    targets = torch.where(eye, ids, torch.full_like(ids, -100))[~special]
    if len(rows) == 0:
        return torch.tensor(0.0)
    return -F.cross_entropy(logits_of(model, rows).flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum")


def init_from(bert, lm):
    own = {n: p.shape for n, p in lm.named_parameters()}
    fitting = {n: p.detach().clone() for n, p in bert.named_parameters() if own.get(n) == p.shape}
    lm.load_state_dict(fitting, strict=False)
    return tuple(sorted(n for n in own if n not in fitting))
