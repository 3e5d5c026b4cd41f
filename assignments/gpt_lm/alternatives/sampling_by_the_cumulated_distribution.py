"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: a uniform number against the cumulated probabilities
"""


def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.full_like(logits, -math.inf).scatter(-1, kept.indices, kept.values)
    return torch.softmax(logits, dim=-1)


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
