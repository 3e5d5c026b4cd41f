"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, uncached_decoding_repeats_the_whole_layer,
  decoding_grows_with_square_or_cube
misconception: cached means computed again
explain: You have mixed up the two cases: with a cache there is less to do.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
    return 3 * n * h * h + h * n * (n + 1)
