"""
item: s000-4.1a
cell: s000-4_1a
caught_by: scores_counted_per_pair
misconception: queries see earlier tokens only
explain: You count pairs of a query with itself and earlier keys. This layer has no causal mask: each query
  meets all keys.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * (n + 1) // 2 * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
