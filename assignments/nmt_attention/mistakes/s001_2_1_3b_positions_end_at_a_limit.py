"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: codes_keep_digits_at_far_positions
misconception: positions are cut off
explain: From some position on all your codes are the same: positions are limited, or the table is cut and
  padded. The formula goes on for ever.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None].clamp(max=999)
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
