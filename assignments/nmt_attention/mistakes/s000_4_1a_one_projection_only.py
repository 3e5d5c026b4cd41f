"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token, parts_meet_at_three_halves_of_the_width
misconception: one matrix makes queries, keys and values
explain: You count one projection. Queries, keys and values are made by a matrix each.
"""


def macs(n, h):
    parts = {"proj": n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
