"""
item: s001-2.1.3b
cell: s001-2_1_3b
caught_by: each_entry_follows_the_formula, sine_and_cosine_share_a_frequency
misconception: the exponent belongs to the column
explain: In your table a sine and the cosine beside it have different frequencies: you use the number of the
  column in the exponent. The exponent belongs to the pair, so both columns of a pair share it.
"""

def sinusoidal(n, d):
    column = torch.arange(d, dtype=torch.float64)
    angle = torch.arange(n, dtype=torch.float64)[:, None] * 10000.0 ** (-column / d)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos()).float()
