"""
item: s000-4.1a
cell: s000-4_1a
caught_by: scores_counted_per_pair
misconception: each token has one score
explain: Your scores grow linearly with the length. Every query is compared with every key, not only with
  its own.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
