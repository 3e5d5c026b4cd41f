"""
item: s000-4.1a
cell: s000-4_1a
caught_by: total_adds_the_four_parts
misconception: projections are not part of attention
explain: Your total leaves the projections out, although your own dict counts them.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": parts["scores"] + parts["softmax"] + parts["values"]}
