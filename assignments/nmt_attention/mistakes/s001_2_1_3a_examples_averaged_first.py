"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_looks_at_every_example
misconception: the mean over the batch says enough
explain: You average the differences over the examples before you take the norm. Differences of opposite sign
  cancel that way. Take the norm over all entries.
"""


def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)[:, perm]).mean(0).norm())
