"""
item: s004-1.14
cell: s004-1_14
caught_by: changed_means_other_numbers
misconception: tensors with equal sums are equal
explain: You compare one number per tensor. Rows that change places, for instance, leave a sum as it was.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        return a.shape == b.shape and a.dtype == b.dtype and bool(torch.isclose(a.double().sum(), b.double().sum(), atol=1e-9))

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
