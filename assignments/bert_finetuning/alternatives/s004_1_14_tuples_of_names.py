"""
item: s004-1.14
cell: s004-1_14
why: tuples, changes counted
"""

def diff(sd_a, sd_b):
    changed = tuple(
        n for n, t in sd_a.items()
        if n in sd_b and (t.shape != sd_b[n].shape or t.dtype != sd_b[n].dtype or int((t != sd_b[n]).sum()) > 0)
    )
    return {
        "changed": changed,
        "added": tuple(n for n in sd_b if n not in sd_a),
        "removed": tuple(n for n in sd_a if n not in sd_b),
        "unchanged": tuple(n for n in sd_a if n in sd_b and n not in changed),
    }
