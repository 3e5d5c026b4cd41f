"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula
misconception: degrees
explain: Your angles are taken for degrees. Sine and cosine take radians.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = torch.deg2rad(position * frequency)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
