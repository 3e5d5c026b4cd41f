"""
item: s000-4.1a
cell: s000-4_1a
caught_by: values_counted_per_pair, parts_meet_at_three_halves_of_the_width
misconception: the product with the values costs two per entry
explain: You count the weighted sums double. Multiplying by a weight and adding to the sum is one MAC.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": 2 * n * n * h}
    return {**parts, "total": sum(parts.values())}
