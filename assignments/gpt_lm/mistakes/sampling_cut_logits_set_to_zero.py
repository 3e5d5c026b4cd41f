"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: top_k_is_a_distribution_over_k_tokens
misconception: a logit of zero means never
explain: You set the cut logits to 0. Softmax makes e to the 0 out of it, so these tokens are drawn after
  all; sometimes more often than before.
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.zeros_like(logits).scatter(-1, kept.indices, kept.values)
    return torch.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
