"""
item: s000-4.1a
cell: s000-4_1a
caught_by: total_adds_the_four_parts
misconception: only the leading part counts
explain: Your total is the largest part. For an order of growth that would do, but a count adds all parts.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": max(parts.values())}
