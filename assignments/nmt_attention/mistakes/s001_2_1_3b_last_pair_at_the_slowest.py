"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, clocks_slow_down_from_pair_to_pair
misconception: 2i/(d-2)
explain: You divide the exponent by d - 2, so that the last pair has exactly the frequency 1/10000. In the
  formula it is divided by d.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / max(d - 2, 1))
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
