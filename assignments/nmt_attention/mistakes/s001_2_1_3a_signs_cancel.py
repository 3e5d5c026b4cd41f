"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_is_a_norm_of_the_difference, gap_doubles_with_the_difference
misconception: sum without absolute values
explain: You add up the differences with their signs, so that positive and negative ones cancel. Take
  absolute values or squares first.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)[:, perm]).sum())
