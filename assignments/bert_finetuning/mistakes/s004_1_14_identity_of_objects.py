"""
item: s004-1.14
cell: s004-1_14
caught_by: changed_means_other_numbers, shape_and_dtype_count_as_changes,
  identical_states_have_no_difference, a_frozen_run_changed_its_head_only
misconception: equal tensors are the same object
explain: You ask whether both are the same object. A copy with the same numbers lies elsewhere in memory, so
  everything looks changed.
"""

def diff(sd_a, sd_b):
    """What became of the tensors of sd_a (before) in sd_b (after): both map names to tensors.

    Returns a dict of sets of names: changed, added, removed, unchanged.
    """
    def same(a, b):
        return a is b

    both = sd_a.keys() & sd_b.keys()
    unchanged = {name for name in both if same(sd_a[name], sd_b[name])}
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
