"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: top_k_is_a_distribution_over_k_tokens
misconception: logits always have two axes
explain: Your threshold takes its numbers from the second axis. It has to come from the last axis, however many there
  are before it.
"""


def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kth = logits.topk(top_k, dim=-1).values
        kth = kth[:, [-1]] if logits.ndim > 1 else kth[-1]
        logits = logits.masked_fill(logits < kth, -math.inf)
    return torch.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
