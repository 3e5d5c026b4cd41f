"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, uncached_decoding_repeats_the_whole_layer,
  first_token_costs_the_same_either_way
misconception: one product per pair
explain: You count the scores but not the weighted sums of the values, which cost as much again.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3 * h * h + t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + t * t * h for t in range(1, n + 1))
