# %% bytes_compared
"""numpy bytes compared, with dtype and shape"""
def diff(sd_a, sd_b):
    def key(t):
        return str(t.dtype), tuple(t.shape), t.detach().contiguous().numpy().tobytes()

    a, b = ({name: key(t) for name, t in sd.items()} for sd in (sd_a, sd_b))
    shared = set(a).intersection(b)
    return {
        "added": set(b).difference(a), "removed": set(a).difference(b),
        "changed": {n for n in shared if a[n] != b[n]}, "unchanged": {n for n in shared if a[n] == b[n]},
    }


# %% one_loop
"""one loop, differences summed"""
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


# %% sorted_lists
"""sorted lists instead of sets"""
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


# %% tuples_of_names
"""tuples, changes counted"""
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
