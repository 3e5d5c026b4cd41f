"""
item: s000-4.1b
cell: s000-4_1b
why: float32 tensors
"""


def loglog_slope(h, ns):
    t = torch.tensor([float(n) for n in ns])
    c = torch.log(3*t*h*h + 2*t*t*h)
    return (c[1:] - c[:-1]) / (t.log()[1:] - t.log()[:-1])
