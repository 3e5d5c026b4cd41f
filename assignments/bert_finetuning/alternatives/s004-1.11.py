# %% diagonal_of_the_logits
"""the diagonal of all passes at once, log of softmax in numpy"""
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


# %% labels_and_ignored_places
"""cross-entropy with ignored places; load_state_dict with what fits"""
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


# %% one_pass_per_word
"""one pass per hidden word; the state copied through cloned tensors"""
def pll(model, ids, *, mask_id, special_ids):
    total = 0.0
    for place in range(len(ids)):
        if int(ids[place]) in set(special_ids):
            continue
        hidden = ids.clone()
        hidden[place] = mask_id
        total -= float(F.cross_entropy(logits_of(model, hidden.unsqueeze(0))[0, place], ids[place]))
    return total

def init_from(bert, lm):
    source, target = dict(bert.named_parameters()), dict(lm.named_parameters())
    fitting = [name for name in target if name in source and source[name].shape == target[name].shape]
    for name in fitting:
        target[name].data.copy_(source[name].data)
    return sorted(set(target).difference(fitting))


# %% scattered_and_loaded
"""masks scattered, logsumexp; weights through load_state_dict"""
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
