"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_reorders_as_the_indices_say
misconception: argsort(perm) on both sides
explain: You reorder by the inverse of perm: position i of the reordered sequence is position perm[i] of the
  old one, which plain indexing with perm gives.
"""

def equivariance_gap(layer, x, perm):
    back = torch.argsort(perm)
    return float((layer(x[:, back]) - layer(x)[:, back]).norm())
