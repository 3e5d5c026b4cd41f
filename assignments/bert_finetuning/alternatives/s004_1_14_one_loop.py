"""
item: s004-1.14
cell: s004-1_14
why: one loop, differences summed
"""

def diff(sd_a, sd_b):
    found = {"changed": set(), "added": {name for name in sd_b if name not in sd_a}, "removed": set(), "unchanged": set()}
    for name, a in sd_a.items():
        if name not in sd_b:
            found["removed"].add(name)
            continue
        b = sd_b[name]
        alike = a.size() == b.size() and a.dtype is b.dtype
        found["unchanged" if alike and (a - b).abs().sum() == 0 else "changed"].add(name)
    return found
