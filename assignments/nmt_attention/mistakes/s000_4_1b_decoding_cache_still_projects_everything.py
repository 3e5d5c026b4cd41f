"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once
misconception: a cache keeps scores, not keys
explain: Your cached steps project all tokens again. Keeping keys and values means that only the new token
  has to be projected.
"""


def decoding_macs(n, h, cached):
    if cached:
        return sum(3 * t * h * h + 2 * t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
