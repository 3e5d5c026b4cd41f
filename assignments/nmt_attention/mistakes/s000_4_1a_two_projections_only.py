"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token, parts_meet_at_three_halves_of_the_width
misconception: values need no projection
explain: You count two projections. The values are projected as well, by a third matrix.
"""


def macs(n, h):
    parts = {"proj": 2 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
