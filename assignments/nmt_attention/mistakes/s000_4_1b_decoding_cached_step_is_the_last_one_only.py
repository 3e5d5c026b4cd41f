"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, decoding_grows_with_square_or_cube
misconception: the cost of the last step is the cost of all
explain: With a cache you count the last step only; the sum over all steps was asked for.
"""


def decoding_macs(n, h, cached):
    if cached:
        return 3 * h * h + 2 * n * h
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
