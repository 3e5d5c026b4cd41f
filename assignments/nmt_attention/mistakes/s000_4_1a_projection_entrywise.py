"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token
misconception: a projection touches each number once
explain: You count one MAC per entry of Q, K and V. Each of these entries is a dot product with a whole
  column of its matrix.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
