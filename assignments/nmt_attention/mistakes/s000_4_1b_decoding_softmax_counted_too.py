"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, uncached_decoding_repeats_the_whole_layer
misconception: all parts of the layer count
explain: You also count the softmax. The task leaves it out: projections, scores and weighted sums only.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3*h*h + 2*t*h + t for t in range(1, n + 1))
    return sum(3*t*h*h + 2*t*t*h + t*t for t in range(1, n + 1))
