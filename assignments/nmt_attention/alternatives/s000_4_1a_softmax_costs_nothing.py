"""
item: s000-4.1a
cell: s000-4_1a
why: the constant of the softmax may be 0
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": 0, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
