"""
item: s000-4.1a
cell: s000-4_1a
caught_by: total_adds_the_four_parts
misconception: scores and values are the same work done once
explain: Your total counts only one of the two products of size n by n: the scores or the weighted sums are
  missing.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": parts["proj"] + parts["scores"] + parts["softmax"]}
