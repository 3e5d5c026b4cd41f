"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: logits below the k-th largest are masked, as minGPT does it; room for the result is made first
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    logits = logits / temperature
    if top_k is not None:
        v, _ = torch.topk(logits, min(top_k, logits.size(-1)))
        logits = torch.where(logits < v[..., [-1]], torch.tensor(-float("inf"), dtype=logits.dtype), logits)
    return F.softmax(logits, dim=-1)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    b, n = ids.shape
    result = torch.zeros(b, n + steps, dtype=ids.dtype)
    result[:, :n] = ids
    for t in range(n, n + steps):
        with torch.no_grad():
            logits = model(result[:, max(0, t - context) : t])
        result[:, t] = torch.multinomial(next_token_probs(logits[:, -1], temperature, top_k), 1, generator=generator)[:, 0]
    return result
