"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token, scores_counted_per_pair, values_counted_per_pair
misconception: a multiplication and an addition are two
explain: Your numbers are FLOPs, twice the MACs: a multiplication together with the addition of its result
  counts once here.
"""


def macs(n, h):
    parts = {"proj": 6 * n * h * h, "scores": 2 * n * n * h, "softmax": n * n, "values": 2 * n * n * h}
    return {**parts, "total": sum(parts.values())}
