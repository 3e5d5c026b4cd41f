"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, uncached_decoding_repeats_the_whole_layer,
  first_token_costs_the_same_either_way
misconception: step t has t - 1 tokens
explain: You count the steps from 0: in step t there are t tokens, because the new one takes part and
  attends to itself.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3 * h * h + 2 * t * h for t in range(n))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(n))
