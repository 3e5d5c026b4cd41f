"""
item: s004-1.14
cell: s004-1_14
why: numpy bytes compared, with dtype and shape
"""

def diff(sd_a, sd_b):
    def key(t):
        return str(t.dtype), tuple(t.shape), t.detach().contiguous().numpy().tobytes()

    a, b = ({name: key(t) for name, t in sd.items()} for sd in (sd_a, sd_b))
    shared = set(a).intersection(b)
    return {
        "added": set(b).difference(a), "removed": set(a).difference(b),
        "changed": {n for n in shared if a[n] != b[n]}, "unchanged": {n for n in shared if a[n] == b[n]},
    }
