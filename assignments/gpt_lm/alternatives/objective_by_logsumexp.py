"""
item: s004-1.06
cell: s004-1_06
why: log of the sum of exponentials minus the chosen logit
"""


def lm_forward(model, tokens):
    z = model(tokens[:, :-1].contiguous())
    y = tokens[..., 1:]
    return [z, (z.logsumexp(-1) - z.gather(2, y.unsqueeze(2)).squeeze(2)).mean()]
