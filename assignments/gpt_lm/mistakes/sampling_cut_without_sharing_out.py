"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: top_k_is_a_distribution_over_k_tokens
misconception: cutting probabilities is enough
explain: You cut after the softmax and leave it at that: the rest no longer sums to 1. What was cut off has
  to be shared out again.
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    probabilities = torch.softmax(logits / temperature, dim=-1)
    if top_k is not None and top_k < logits.shape[-1]:
        smallest = probabilities.topk(top_k, dim=-1).values[..., -1:]
        probabilities = torch.where(probabilities < smallest, torch.zeros_like(probabilities), probabilities)
    return probabilities


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
