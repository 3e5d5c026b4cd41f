"""
item: s004-1.14
cell: s004-1_14
caught_by: shape_and_dtype_count_as_changes
misconception: a tensor of another shape is another tensor
explain: A name that both states have is changed or unchanged, whatever became of its shape.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)

    both = {name for name in sd_a.keys() & sd_b.keys() if sd_a[name].shape == sd_b[name].shape}
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - both,
        "removed": sd_a.keys() - both,
        "unchanged": unchanged,
    }
