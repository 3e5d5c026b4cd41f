"""
item: s000-4.1a
cell: s000-4_1a
caught_by: values_counted_per_pair
misconception: a value is a number
explain: You count one MAC per weight. A weight multiplies a whole vector, which is as wide as a token.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n}
    return {**parts, "total": sum(parts.values())}
