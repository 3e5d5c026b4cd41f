"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: ranks from sorting twice, softmax, then dividing by the sum
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    p = F.softmax(logits / temperature, dim=-1)
    if top_k is None:
        return p
    rank = p.argsort(-1, descending=True).argsort(-1)
    p = p * (rank < top_k)
    return p / p.sum(-1, keepdim=True)


@torch.no_grad()
def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    out = ids.clone()
    while out.shape[1] < ids.shape[1] + steps:
        window = out if out.shape[1] <= context else out[:, -context:]
        p = next_token_probs(model(window)[:, -1, :], temperature=temperature, top_k=top_k)
        out = torch.hstack([out, torch.multinomial(p, num_samples=1, generator=generator)])
    return out
