"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: generation_sees_the_last_tokens_only
misconception: the context is the beginning of the text
explain: Your model always sees the first tokens of the text. As soon as the text is longer than the
  context, it never sees what it has just written.
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
            logits = model(ids[:, :context])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
