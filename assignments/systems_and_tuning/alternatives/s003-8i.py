# %% pull
"""each worker asks the others, one after the other"""
def all_to_all(grads, send):
    n = len(grads)
    return [sum((send(src, dst, grads[src]) for src in range(n) if src != dst), grads[dst].copy()) / n for dst in range(n)]


# %% divided_first
"""workers divide before they send"""
def all_to_all(grads, send):
    n = len(grads)
    shares = [g / n for g in grads]
    totals = [share.copy() for share in shares]
    for shift in range(1, n):
        for src in range(n):
            totals[(src + shift) % n] += send(src, (src + shift) % n, shares[src])
    return totals


# %% what_send_gives_unused
"""sends first, and then adds up what it has sent"""
def all_to_all(grads, send):
    n, inbox = len(grads), [[g] for g in grads]
    for src, g in enumerate(grads):
        for dst in range(n):
            if dst != src:
                send(src, dst, g)
                inbox[dst].append(g)
    return np.stack([np.mean(box, axis=0) for box in inbox])
