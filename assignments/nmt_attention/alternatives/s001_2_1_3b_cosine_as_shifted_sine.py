"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: numpy in float64, cosine as a sine a quarter turn ahead
"""

def sinusoidal(n, d):
    column = np.arange(d)
    angle = np.arange(n)[:, None] / 10000 ** ((column - column % 2) / d)
    return torch.from_numpy(np.sin(angle + np.pi / 2 * (column % 2)))
