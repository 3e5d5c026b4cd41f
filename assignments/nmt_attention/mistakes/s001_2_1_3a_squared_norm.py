"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_doubles_with_the_difference
misconception: sum of squares
explain: You return a sum of squares. Doubling the difference then makes the gap four times as large; a norm
  doubles.
"""

def equivariance_gap(layer, x, perm):
    return float(((layer(x[:, perm]) - layer(x)[:, perm]) ** 2).sum())
