"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, sine_and_cosine_share_a_frequency,
  shift_by_k_is_the_same_rotation_everywhere
misconception: unit length rows
explain: You scale each row to length 1. The codes are used as they are: each has the squared length d/2.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.nn.functional.normalize(torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d), dim=1).float()
