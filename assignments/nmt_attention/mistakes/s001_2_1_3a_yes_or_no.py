"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_doubles_with_the_difference, gap_is_a_norm_of_the_difference
misconception: returns 0 or 1
explain: You return whether there is a difference. The task asks how large it is.
"""

def equivariance_gap(layer, x, perm):
    return float(not torch.allclose(layer(x[:, perm]), layer(x)[:, perm], atol=1e-6))
