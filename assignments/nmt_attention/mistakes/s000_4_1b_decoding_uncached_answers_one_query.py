"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: uncached_decoding_repeats_the_whole_layer, decoding_grows_with_square_or_cube
misconception: only the last query is computed anyway
explain: Without a cache the layer runs as a whole, so the queries of all t tokens are answered at step t,
  not only the last one.
"""


def decoding_macs(n, h, cached):
    if cached:
        return 3 * n * h * h + h * n * (n + 1)
    return sum(3 * t * h * h + 2 * t * h for t in range(1, n + 1))
