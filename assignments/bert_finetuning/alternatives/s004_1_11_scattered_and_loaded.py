"""
item: s004-1.11
cell: s004-1_11
why: masks scattered, logsumexp; weights through load_state_dict
"""

def pll(model, ids, *, mask_id, special_ids):
    at = (~torch.isin(ids, torch.tensor(sorted(special_ids)))).nonzero().flatten()
    total = torch.tensor(0.0, dtype=torch.float64)
    for place in at:
        hidden = ids.scatter(0, place[None], mask_id)
        with torch.inference_mode():
            row = model(input_ids=hidden[None], attention_mask=torch.ones_like(hidden)[None]).logits[0, place]
        total += row[ids[place]] - row.logsumexp(0)
    return total


def init_from(bert, lm):
    own, given = lm.state_dict(), bert.state_dict()
    fit = {name: value.clone() for name, value in given.items() if name in own and own[name].shape == value.shape}
    lm.load_state_dict(fit, strict=False)
    return tuple(sorted(name for name, _ in lm.named_parameters() if name not in fit))
