"""
item: s000-4.1a
cell: s000-4_1a
caught_by: projections_counted_per_token, parts_meet_at_three_halves_of_the_width
misconception: attention is n squared h and nothing else
explain: Your projections cost nothing. Somebody has to make queries, keys and values from the tokens before
  they can be compared.
"""


def macs(n, h):
    parts = {"proj": 0, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}
