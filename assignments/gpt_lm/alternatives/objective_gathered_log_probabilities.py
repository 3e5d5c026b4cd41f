"""
item: s004-1.06
cell: s004-1_06
why: the mean of -log p, gathered by hand; a list comes back
"""

def lm_forward(model, tokens):
    out = model(tokens[..., : tokens.shape[1] - 1])
    logp = out - out.logsumexp(-1, keepdim=True)
    return [out, -logp.gather(-1, tokens[:, 1:].unsqueeze(-1)).mean()]
