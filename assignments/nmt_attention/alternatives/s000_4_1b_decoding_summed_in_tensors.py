"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
why: adds up all steps at once in float64
"""


def decoding_macs(n, h, cached):
    t = torch.arange(1, n + 1, dtype=torch.float64)
    projected, queries = (torch.ones_like(t), torch.ones_like(t)) if cached else (t, t)
    return (3 * projected * h**2 + 2 * queries * t * h).sum()
