# %% by_rounds
"""cuts the log into rounds first"""
def first_fault(log, n, p):
    seen = set()
    for index, (src, dst, size) in enumerate(log):
        if (dst - src) % n != 1:
            return [index, "neighbour"]
        if size != p // n:
            return [index, "size"]
        if index % n == 0:
            seen = set()
        if src in seen or index >= 2 * n * (n - 1):
            return [index, "round"]
        seen.add(src)
    return None


# %% with_a_counter
"""counts what each has sent, with numpy"""
def first_fault(log, n, p):
    sent = np.zeros(n, dtype=int)
    for index in range(len(log)):
        src, dst, size = log[index]
        rules = {
            "neighbour": dst == (src + 1) % n, "size": size == p / n,
            "round": sent[src] == index // n and sent[src] < 2 * n - 2,
        }
        for name, kept in rules.items():
            if not kept:
                return index, name
        sent[src] += 1


# %% recursive
"""looks at prefixes of growing length"""
def first_fault(log, n, p):
    for stop in range(len(log)):
        src, dst, size = log[stop]
        before = [one[0] for one in log[:stop]]
        if dst != (src + 1) % n:
            return stop, "neighbour"
        if size * n != p:
            return stop, "size"
        if before.count(src) > min(before.count(w) for w in range(n)) or before.count(src) >= 2 * n - 2:
            return stop, "round"
    return None
