"""
item: s000-4.1a
cell: s000-4_1a
caught_by: values_counted_per_pair
misconception: the weighted sum is taken once
explain: You count one weighted sum. Every query has weights of its own and so needs a sum of its own over
  all values.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * h}
    return {**parts, "total": sum(parts.values())}
