"""
item: s004-1.14
cell: s004-1_14
caught_by: shape_and_dtype_count_as_changes
misconception: tensors of other shapes can be compared
explain: You compare where shapes differ, and broadcasting makes it fit: a single 1 equals five of them.
  Another shape is a change.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        try:
            return a.dtype == b.dtype and bool((a == b).all())
        except RuntimeError:
            return False

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
