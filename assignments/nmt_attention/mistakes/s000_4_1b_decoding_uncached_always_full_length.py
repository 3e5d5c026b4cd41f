"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: uncached_decoding_repeats_the_whole_layer
misconception: each step sees the finished text
explain: Without a cache you run the layer on all n tokens at every step. At step t only t of them exist.
"""


def decoding_macs(n, h, cached):
    if cached:
        return 3 * n * h * h + h * n * (n + 1)
    return n * (3 * n * h * h + 2 * n * n * h)
