"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_is_a_norm_of_the_difference
misconception: norm of a difference or difference of norms
explain: You subtract two norms. Vectors of the same length can be far apart: take the norm of the difference.
"""


def equivariance_gap(layer, x, perm):
    return abs(float(layer(x[:, perm]).norm() - layer(x).norm()))
