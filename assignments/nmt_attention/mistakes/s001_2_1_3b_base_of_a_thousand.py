"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, clocks_slow_down_from_pair_to_pair
misconception: base 1000
explain: The base of your frequencies is 1000; it is 10000.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 1000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
