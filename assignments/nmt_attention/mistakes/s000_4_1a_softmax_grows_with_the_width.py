"""
item: s000-4.1a
cell: s000-4_1a
caught_by: softmax_counted_per_score
misconception: the softmax runs over vectors
explain: Your softmax grows with the width. It sees one number per pair of tokens, however wide the tokens
  were.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n * h, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
