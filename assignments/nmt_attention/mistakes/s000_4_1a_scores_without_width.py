"""
item: s000-4.1a
cell: s000-4_1a
caught_by: scores_counted_per_pair
misconception: a score is one operation
explain: You count one MAC per score. Each score is a dot product as long as a token is wide.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
