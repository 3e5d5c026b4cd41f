"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
caught_by: cached_decoding_projects_each_token_once, first_token_costs_the_same_either_way
misconception: a sum over steps is an integral
explain: You replaced the sums by integrals, which is close for many tokens and wrong for few: 1 + 2 + ... + n
  is n (n + 1) / 2, not n^2 / 2.
"""


def decoding_macs(n, h, cached):
    return 3*n*h*h + h*n*n if cached else 3*h*h*n*n/2 + 2*h*n**3/3
