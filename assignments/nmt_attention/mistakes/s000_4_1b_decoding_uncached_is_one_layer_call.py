"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: uncached_decoding_repeats_the_whole_layer, decoding_grows_with_square_or_cube
misconception: generation costs one pass over n tokens
explain: Without a cache you count one pass over the finished text. Every token needs a pass of its own over
  what exists so far.
"""


def decoding_macs(n, h, cached):
    if cached:
        return 3 * n * h * h + h * n * (n + 1)
    return 3 * n * h * h + 2 * n * n * h
