"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, positions_are_rows_and_start_at_zero
misconception: all sines, then all cosines
explain: Your table holds all sines first and then all cosines. The columns alternate: sine, cosine, sine,
  cosine.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.cat((angle.sin(), angle.cos()), dim=1).float()
