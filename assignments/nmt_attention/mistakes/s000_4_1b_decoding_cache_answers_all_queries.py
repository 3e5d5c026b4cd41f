"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, decoding_grows_with_square_or_cube
misconception: all queries are answered at each step
explain: Your cached steps answer the queries of all tokens. Only the newest token asks; the others were
  answered before.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3 * h * h + 2 * t * t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
