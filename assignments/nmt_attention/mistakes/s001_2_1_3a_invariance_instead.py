"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_vanishes_for_layers_without_order
misconception: f(Px) against f(x)
explain: You compare f(Px) with f(x). That asks whether the layer ignores order altogether (invariance).
  Reorder f(x) as well before you subtract.
"""

def equivariance_gap(layer, x, perm):
    return float((layer(x[:, perm]) - layer(x)).norm())
