"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
caught_by: generation_sees_the_last_tokens_only
misconception: a model wants windows of full length
explain: You fill short prompts up with zeros. But 0 is a word, and the model continues a text that nobody wrote.
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
            logits = model(F.pad(ids, (max(0, context - ids.shape[1]), 0))[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
