"""
item: s001-2.1.3a
cell: s001-2_1_3a
caught_by: gap_leaves_its_arguments_alone
misconception: x[:] = x[:, perm]
explain: You reorder the sequence of the caller in place. Indexing makes a copy; work on that.
"""

def equivariance_gap(layer, x, perm):
    before = layer(x)[:, perm]
    with torch.no_grad():
        x[:] = x[:, perm]
    return float((layer(x) - before).norm())
