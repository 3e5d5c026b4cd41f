"""
item: s004-1.14
cell: s004-1_14
why: sorted lists instead of sets
"""

def diff(sd_a, sd_b):
    kinds = {"changed": [], "added": [], "removed": [], "unchanged": []}
    for name in sorted(set(sd_a) | set(sd_b)):
        if name not in sd_a:
            kinds["added"].append(name)
        elif name not in sd_b:
            kinds["removed"].append(name)
        else:
            a, b = sd_a[name], sd_b[name]
            same = (a.dtype, a.shape) == (b.dtype, b.shape) and bool((a == b).all())
            kinds["unchanged" if same else "changed"].append(name)
    return kinds
