"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula
misconception: integer division in the exponent
explain: The exponents of your frequencies are cut to whole numbers (integer division), so that all clocks
  run at the same speed.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-(torch.arange(0, d, 2) // d).double())
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
