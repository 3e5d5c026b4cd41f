"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, positions_are_rows_and_start_at_zero
misconception: counts from 1
explain: Your first row belongs to position 1. Positions count from 0, so the first row is 0, 1, 0, 1 and so
  on.
"""

def sinusoidal(n, d):
    position = torch.arange(1, n + 1, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
