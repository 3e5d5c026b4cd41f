"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token, parts_meet_at_three_halves_of_the_width
misconception: every attention layer ends in a projection
explain: You count four projections. Many layers do end in a fourth matrix, but this one has none.
"""


def macs(n, h):
    parts = {"proj": 4 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
