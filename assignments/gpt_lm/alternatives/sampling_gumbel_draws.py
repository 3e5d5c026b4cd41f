"""
item: s004-1.06-sampling
cell: s004-1_06-sampling
why: adding Gumbel noise to log-probabilities and taking the maximum draws from the same distribution
"""

def next_token_probs(logits, temperature=1.0, top_k=None):
    z = (logits - logits.max(-1, keepdim=True).values) / temperature
    e = z.exp()
    if top_k is not None and top_k < e.shape[-1]:
        keep = torch.zeros_like(e).scatter_(-1, e.topk(top_k, -1).indices, 1.0)
        keep = torch.where(keep.sum(-1, keepdim=True) > 0, keep, 1.0)
        e = e * keep
    return e / e.sum(-1, keepdim=True)


def generate(model, ids, steps, context, temperature=1.0, top_k=None, generator=None):
    for _ in range(steps):
        p = next_token_probs(model(ids[:, -context:])[:, -1].detach(), temperature, top_k)
        u = torch.rand(p.shape, generator=generator, dtype=torch.float64).clamp_min(1e-300)
        ids = torch.cat((ids, (p.double().log() - (-u.log()).log()).argmax(-1)[:, None]), 1)
    return ids
