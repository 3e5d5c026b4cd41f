"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
why: a running total over the steps, through macs
"""


def decoding_macs(n, h, cached):
    work = 0.0
    for t in range(1, n + 1):
        layer = macs(t, h)
        pairs = (layer["scores"] + layer["values"]) / (t if cached else 1)
        work += layer["proj"] / (t if cached else 1) + pairs
    return work
