"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: fills a tensor of the final size
"""


def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.full_like(logits, -math.inf).scatter(-1, kept.indices, kept.values)
    return torch.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    n = ids.shape[1]
    out = torch.empty(len(ids), n + steps, dtype=torch.long)
    out[:, :n] = ids
    with torch.inference_mode():
        for t in range(n, n + steps):
            p = next_token_probs(model(out[:, max(0, t - context) : t])[:, -1, :], temperature=temperature, top_k=top_k)
            out[:, t] = p.multinomial(1, generator=generator).squeeze(1)
    return out
