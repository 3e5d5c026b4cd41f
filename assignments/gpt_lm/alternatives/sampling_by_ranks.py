"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: each token's rank by sorting twice; ranks from k on are hidden
"""


def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        rank = logits.argsort(-1, descending=True).argsort(-1)
        logits = torch.where(rank < top_k, logits, torch.full_like(logits, -math.inf))
    return torch.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
