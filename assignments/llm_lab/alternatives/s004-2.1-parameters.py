# %% by_masks
"""Cut tokens get a logit of minus infinity, in their own places."""
def next_probs(logits, T=1.0, top_k=None, top_p=1.0):
    z = logits / T
    if top_k is not None:
        kth = z.topk(min(top_k, z.shape[-1]), dim=-1).values[..., -1:]
        z = z.masked_fill(z < kth, -math.inf)
    if top_p < 1:
        ordered, places = z.sort(dim=-1, descending=True)
        shares = torch.softmax(ordered, -1)
        cut = shares.cumsum(-1) - shares >= top_p
        cut[..., 0] = False
        z = z.masked_fill(torch.zeros_like(cut).scatter(-1, places, cut), -math.inf)
    return torch.softmax(z, dim=-1)


def entropy(p):
    return torch.distributions.Categorical(probs=p).entropy() if bool((p > 0).all()) else -(p * p.clamp_min(1e-300 if p.dtype == torch.float64 else 1e-38).log()).sum(-1)


# %% row_by_row
"""Each row by itself, in numpy's way."""
def next_probs(logits, T=1.0, top_k=None, top_p=1.0):
    rows = logits.reshape(-1, logits.shape[-1])
    out = torch.zeros_like(rows)
    for row, target in zip(rows, out, strict=True):
        p = torch.softmax(row / T, 0)
        order = p.argsort(descending=True)
        order = order[: len(order) if top_k is None else top_k]
        kept, total = [], p[order].sum()
        mass = 0.0
        for place in order:
            kept.append(int(place))
            mass += float(p[place] / total)
            if mass >= top_p and top_p < 1:
                break
        target[kept] = p[kept] / p[kept].sum()
    return out.reshape(logits.shape)


def entropy(p):
    return torch.special.entr(p).sum(-1)


# %% by_ranks
"""The rank of each token from sorting twice."""
def next_probs(logits, T=1.0, top_k=None, top_p=1.0):
    p = torch.softmax(logits / T, dim=-1)
    rank = p.argsort(-1, descending=True).argsort(-1)
    if top_k is not None:
        p = torch.where(rank < top_k, p, torch.zeros_like(p))
        p = p / p.sum(-1, keepdim=True)
    more_likely = torch.where(rank[..., None, :] < rank[..., :, None], p[..., None, :], torch.zeros_like(p)[..., None, :]).sum(-1)
    if top_p < 1:
        p = p * ((more_likely < top_p) | (rank == 0))
    return p / p.sum(-1, keepdim=True)


def entropy(p):
    logs = torch.where(p > 0, p, torch.ones_like(p)).log()
    return -(p * logs).sum(dim=-1)


# %% a_small_constant
"""Top-p is asked for always, and a small constant keeps the logarithm finite: what it adds is below all tolerances."""
def next_probs(logits, T=1.0, top_k=None, top_p=1.0):
    V = logits.shape[-1]
    k = V if top_k is None else min(V, top_k)
    top = (logits / T).topk(k, dim=-1)
    p = top.values.softmax(-1)
    before = torch.cat([torch.zeros_like(p[..., :1]), p.cumsum(-1)[..., :-1]], -1)
    p = p.masked_fill(before >= top_p, 0)
    p = p / p.sum(-1, keepdim=True)
    return torch.zeros_like(logits).scatter_(-1, top.indices, p)



def entropy(p):
    return -(p * torch.log(p + 1e-9)).sum(dim=-1)
