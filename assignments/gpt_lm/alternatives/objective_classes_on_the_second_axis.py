"""
item: s004-1.06
cell: s004-1_06
why: cross_entropy takes (b, V, n) with targets (b, n)
"""

def lm_forward(model, tokens):
    read, asked = tokens[:, :-1], tokens[:, 1:]
    logits = model(read)
    return logits, F.cross_entropy(logits.transpose(1, 2), asked)
