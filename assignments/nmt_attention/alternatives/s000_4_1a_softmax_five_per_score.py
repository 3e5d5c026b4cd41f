"""
item: s000-4.1a
cell: s000-4_1a
why: any constant per score is allowed, also a broken one
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": 5.5 * n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
