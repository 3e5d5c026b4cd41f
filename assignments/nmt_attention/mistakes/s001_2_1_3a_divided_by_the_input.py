"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_doubles_with_the_difference
misconception: divided by the size of the input
explain: You divide by the size of x. For a linear layer, smaller inputs make a smaller difference, and your
  gap stays the same; the task asks for a norm of the difference itself.
"""


def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)[:, perm]).norm() / x.norm())
