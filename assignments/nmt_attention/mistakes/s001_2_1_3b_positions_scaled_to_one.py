"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: a_longer_table_begins_with_the_shorter, each_entry_follows_the_formula,
  shift_by_k_is_the_same_rotation_everywhere
misconception: position / n
explain: You divide positions by their number, so the code of position 3 depends on how long the table is.
  Then a network cannot learn what position 3 looks like.
"""

def sinusoidal(n, d):
    position = torch.arange(n, dtype=torch.float64)[:, None] / n
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
