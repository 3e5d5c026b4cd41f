"""
item: s004-1.06
cell: s004-1_06
why: mean of the mean losses of each position, which hold equally many predictions
"""


def lm_forward(model, tokens):
    x, y = tokens[:, :-1], tokens[:, 1:]
    z = model(x)
    parts = [F.cross_entropy(z[:, i], y[:, i]) for i in range(y.shape[1])]
    return z, sum(parts) / len(parts)
