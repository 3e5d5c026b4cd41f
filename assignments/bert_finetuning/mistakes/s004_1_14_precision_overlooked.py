"""
item: s004-1.14
cell: s004-1_14
caught_by: shape_and_dtype_count_as_changes
misconception: the dtype is no part of the numbers
explain: You ignore the dtype. The same values in another precision are another tensor: a model stored in
  half precision has changed.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        return a.shape == b.shape and bool((a.double() == b.double()).all())

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
