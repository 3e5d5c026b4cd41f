"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_doubles_with_the_difference
misconception: a small difference is no difference
explain: You return 0 where the two sides are close. How close is close depends on the size of the outputs,
  and a norm is 0 only where they are equal.
"""


def equivariance_gap(layer, x, perm):
    one, other = layer(x[:, perm]), layer(x)[:, perm]
    return 0.0 if torch.allclose(one, other, atol=1e-3) else float((one - other).norm())
