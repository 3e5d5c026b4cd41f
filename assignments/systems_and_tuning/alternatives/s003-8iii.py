# %% other_direction
"""to the next lower number, on a table of chunks"""
def ring_all_reduce(grads, send):
    n = len(grads)
    table = np.stack(grads).reshape(n, n, -1).copy()
    for r in range(n - 1):
        arrived = [send(w, (w - 1) % n, table[w, (w + r) % n]) for w in range(n)]
        for w in range(n):
            table[(w - 1) % n, (w + r) % n] += arrived[w]
    for r in range(n - 1):
        arrived = [send(w, (w - 1) % n, table[w, (w - 1 + r) % n]) for w in range(n)]
        for w in range(n):
            table[(w - 1) % n, (w - 1 + r) % n] = arrived[w]
    return table.reshape(n, -1)


# %% every_nth_number
"""a chunk is every n-th number"""
def ring_all_reduce(grads, send):
    n, totals = len(grads), [g.copy() for g in grads]
    for r in range(2 * (n - 1)):
        moving = []
        for w in range(n):
            c = (w - r) % n
            moving.append((w, c, send(w, (w + 1) % n, totals[w][c::n])))
        for w, c, part in moving:
            own = totals[(w + 1) % n]
            own[c::n] = own[c::n] + part if r < n - 1 else part
    return totals


# %% chunk_by_chunk
"""follows one chunk after the other all the way round"""
def ring_all_reduce(grads, send):
    n = len(grads)
    results = [np.empty_like(g) for g in grads]
    for c in range(n):
        part = slice(c * len(grads[0]) // n, (c + 1) * len(grads[0]) // n)
        running = grads[c][part].copy()
        for step in range(n - 1):
            running = send((c + step) % n, (c + step + 1) % n, running) + grads[(c + step + 1) % n][part]
        results[(c - 1) % n][part] = running
        for step in range(n - 1):
            running = send((c - 1 + step) % n, (c + step) % n, running)
            results[(c + step) % n][part] = running
    return results
