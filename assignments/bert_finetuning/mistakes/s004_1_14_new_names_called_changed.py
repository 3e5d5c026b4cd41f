"""
item: s004-1.14
cell: s004-1_14
caught_by: changed_means_other_numbers, a_frozen_run_changed_its_head_only
misconception: what is new has changed
explain: You count added and removed names as changed too. Each name belongs to one kind.
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
        "changed": (sd_a.keys() | sd_b.keys()) - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
