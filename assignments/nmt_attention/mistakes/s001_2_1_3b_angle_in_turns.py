"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, clocks_slow_down_from_pair_to_pair
misconception: times two pi
explain: You turn each clock by whole turns (a factor of two pi). The formula has radians, with no further
  factor.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = 2 * math.pi * position * frequency + 0.0
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
