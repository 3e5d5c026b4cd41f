"""
item: s000-4.1a
cell: s000-4_1a
caught_by: softmax_counted_per_score
misconception: one softmax per token costs one
explain: Your softmax is linear in the length. Each of the rows has as many entries as there are keys.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": 3 * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
