# %% sampling_by_ranks
"""each token's rank by sorting twice; ranks from k on are hidden"""
def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        rank = logits.argsort(-1, descending=True).argsort(-1)
        logits = torch.where(rank < top_k, logits, torch.full_like(logits, -math.inf))
    return torch.softmax(logits, dim=-1)


# %% sampling_by_sorting
"""ranks from sorting twice, softmax, then dividing by the sum"""
def next_token_probs(logits, temperature=1.0, top_k=None):
    p = F.softmax(logits / temperature, dim=-1)
    if top_k is None:
        return p
    rank = p.argsort(-1, descending=True).argsort(-1)
    p = p * (rank < top_k)
    return p / p.sum(-1, keepdim=True)

@torch.no_grad()
def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    out = ids.clone()
    while out.shape[1] < ids.shape[1] + steps:
        window = out if out.shape[1] <= context else out[:, -context:]
        p = next_token_probs(model(window)[:, -1, :], temperature=temperature, top_k=top_k)
        out = torch.hstack([out, torch.multinomial(p, num_samples=1, generator=generator)])
    return out


# %% sampling_by_the_cumulated_distribution
"""a uniform number against the cumulated probabilities"""
def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = (
                (
                    next_token_probs(logits, temperature, top_k).cumsum(-1)
                    < torch.rand(len(ids), 1, generator=generator, dtype=logits.dtype)
                )
                .sum(-1, keepdim=True)
                .clamp(max=logits.shape[-1] - 1)
            )
            ids = torch.cat([ids, drawn], dim=1)
    return ids


# %% sampling_by_threshold
"""logits below the k-th largest are masked, as minGPT does it; room for the result is made first"""
def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None:
        v, _ = torch.topk(logits, min(top_k, logits.size(-1)))
        logits = torch.where(logits < v[..., [-1]], torch.tensor(-float("inf"), dtype=logits.dtype), logits)
    return F.softmax(logits, dim=-1)

def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    b, n = ids.shape
    result = torch.zeros(b, n + steps, dtype=ids.dtype)
    result[:, :n] = ids
    for t in range(n, n + steps):
        with torch.no_grad():
            logits = model(result[:, max(0, t - context) : t])
        result[:, t] = torch.multinomial(next_token_probs(logits[:, -1], temperature, top_k), 1, generator=generator)[:, 0]
    return result


# %% sampling_gumbel_draws
"""adding Gumbel noise to log-probabilities and taking the maximum draws from the same distribution"""
def next_token_probs(logits, temperature=1.0, top_k=None):
    z = (logits - logits.max(-1, keepdim=True).values) / temperature
    e = z.exp()
    if top_k is not None and top_k < e.shape[-1]:
        keep = torch.zeros_like(e).scatter_(-1, e.topk(top_k, -1).indices, 1.0)
        keep = torch.where(keep.sum(-1, keepdim=True) > 0, keep, 1.0)
        e = e * keep
    return e / e.sum(-1, keepdim=True)

def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    for _ in range(steps):
        p = next_token_probs(model(ids[:, -context:])[:, -1].detach(), temperature, top_k)
        u = torch.rand(p.shape, generator=generator, dtype=torch.float64).clamp_min(1e-300)
        ids = torch.cat((ids, (p.double().log() - (-u.log()).log()).argmax(-1)[:, None]), 1)
    return ids


# %% sampling_into_a_tensor_made_before
"""fills a tensor of the final size"""
def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    n = ids.shape[1]
    out = torch.empty(len(ids), n + steps, dtype=torch.long)
    out[:, :n] = ids
    with torch.inference_mode():
        for t in range(n, n + steps):
            p = next_token_probs(model(out[:, max(0, t - context) : t])[:, -1, :], temperature=temperature, top_k=top_k)
            out[:, t] = p.multinomial(1, generator=generator).squeeze(1)
    return out


# %% sampling_row_by_row
"""each prompt draws for itself"""
def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.stack(
                [torch.multinomial(next_token_probs(r, temperature, top_k), 1, generator=generator) for r in logits]
            )
            ids = torch.cat([ids, drawn], dim=1)
    return ids
