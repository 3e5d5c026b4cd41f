"""
item: s004-1.14
cell: s004-1_14
caught_by: new_and_lost_names_are_told_apart, a_frozen_run_changed_its_head_only
misconception: added is what the second lacks
explain: You exchanged added and removed: sd_a is the state before.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_a.keys() - sd_b.keys(),
        "removed": sd_b.keys() - sd_a.keys(),
        "unchanged": unchanged,
    }
