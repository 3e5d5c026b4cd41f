"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: temperature_divides_the_logits
misconception: softmax without an axis finds the right one
explain: Your softmax runs over the first axis, so the probabilities of one token sum to 1 over the batch.
  The last axis holds the tokens.
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.full_like(logits, -math.inf).scatter(-1, kept.indices, kept.values)
    return torch.softmax(logits, dim=0)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
