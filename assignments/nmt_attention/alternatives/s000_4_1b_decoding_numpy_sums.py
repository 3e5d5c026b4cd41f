"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
why: sums over an array of steps
"""


def decoding_macs(n, h, cached):
    t = np.arange(1, n + 1, dtype=float)
    return np.sum(3*h*h + 2*t*h) if cached else np.sum(3*t*h*h + 2*t**2*h)
