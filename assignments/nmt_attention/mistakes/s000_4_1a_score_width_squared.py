"""
item: s000-4.1a
cell: s000-4_1a
caught_by: scores_counted_per_pair
misconception: n and h play the same part in the scores
explain: You have mixed up length and width in the scores: there are as many scores as pairs of tokens, and
  each costs as much as a token is wide.
"""


def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * h * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
