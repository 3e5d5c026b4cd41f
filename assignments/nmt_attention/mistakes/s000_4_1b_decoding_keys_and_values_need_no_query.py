"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, first_token_costs_the_same_either_way
misconception: a cache leaves two projections
explain: With a cache you project the new token to a key and a value. It needs a query as well: it is the
  one that asks.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(2 * h * h + 2 * t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
