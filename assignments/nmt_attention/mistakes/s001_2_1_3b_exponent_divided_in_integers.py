"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, clocks_slow_down_from_pair_to_pair
misconception: // is a division
explain: You divide the exponent with //, which rounds down to 0, so that all clocks turn alike. Use /.
"""


def sinusoidal(n, d):
    p = torch.arange(n).float()[:, None]
    f = 10000.0 ** (-(torch.arange(0, d, 2) // d).float())
    t = torch.zeros(n, d)
    t[:, 0::2] = torch.sin(p * f)
    t[:, 1::2] = torch.cos(p * f)
    return t
