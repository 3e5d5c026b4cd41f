"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: top_k_is_a_distribution_over_k_tokens
misconception: the k largest of the batch
explain: You keep the k largest logits by one threshold for all rows. Each row has k likeliest tokens of its
  own.
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        threshold = logits.flatten().topk(top_k).values[-1]
        threshold = torch.minimum(threshold, logits.amax(-1, keepdim=True))
        logits = logits.masked_fill(logits < threshold, -math.inf)
    return torch.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
