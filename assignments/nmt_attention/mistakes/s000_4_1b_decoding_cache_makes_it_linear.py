"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, decoding_grows_with_square_or_cube
misconception: with a cache each step costs the same
explain: Your cached steps all cost the same. What is kept are keys and values; the new query still meets
  all of them, and there are more of them at every step.
"""


def decoding_macs(n, h, cached):
    if cached:
        return n * (3 * h * h + 2 * h)
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
