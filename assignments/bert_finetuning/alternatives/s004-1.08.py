# %% by_gather
"""gather along the positions, the last one found from behind"""
def pool(H, mask, kind):
    n = mask.shape[1]
    at = mask.long().argmax(dim=1) if kind == "cls" else n - 1 - mask.flip(1).long().argmax(dim=1)
    return H.gather(1, at.view(-1, 1, 1).expand(-1, 1, H.shape[-1])).squeeze(1)


# %% by_weights_of_one
"""a one-hot weight per row from cumulative sums, and einsum"""
def pool(H, mask, kind):
    seen = mask.cumsum(1) if kind == "cls" else mask.flip(1).cumsum(1).flip(1)
    here = ((seen == 1) & (mask == 1)).to(H.dtype)
    return torch.einsum("bn,bnd->bd", here, H)


# %% row_by_row
"""a loop over rows"""
def pool(H, mask, kind):
    picked = []
    for vectors, real in zip(H, mask, strict=False):
        places = real.nonzero().flatten()
        picked.append(vectors[places[0] if kind == "cls" else places[-1]])
    return torch.stack(picked)


# %% running_count
"""the running count of real tokens is 1 at the first and complete at the last"""
def pool(H, mask, kind):
    seen = mask.long().cumsum(dim=1)
    target = torch.ones_like(seen[:, -1:]) if kind == "cls" else seen[:, -1:]
    hit = (seen == target) & (mask == 1)
    return H[hit]
