# %% [markdown]
# # Part 3: Averaging over workers
#
# **Why.** To train on $n$ machines, each takes a part of the batch and gets a gradient of $p$ numbers. Then all of them need the mean (or the sum, which is the
# same up to a factor), after *every* step. With a billion weights a gradient is 4 GB. So who sends what to whom decides whether $n$ machines are faster than one.
#
# **The network.** You are given `send(src, dst, array)`: it delivers a numpy array from worker `src` to worker `dst`, writes it into a log, and gives back what
# arrives there. Workers are numbered $0, \dots, n-1$, and `grads[w]` is what worker $w$ has at the beginning. Your function plays all the workers, one after the other.
# So honesty is up to you: a worker may send *only what it has*, its own gradient, what it has received, and sums of these. `network.replay(log, grads)` follows
# the messages in order, takes the numbers apart, and finds a worker that sends what it cannot know yet. The grader does that too, with its own gradients.
#
# ## 3.1 Everyone to everyone
#
# **By hand.** Three workers with one number each: 3, 6 and 0. Each sends its number to the two others; then each has all three and takes the mean, 3. Six
# messages of one number each.
#
# **Your task** (s003-8i). Return what each worker has in the end, the mean.

# %% answer="s003-8i"
def all_to_all(grads: list[np.ndarray], send) -> list[np.ndarray]:
    """Every worker sends its gradient (p,) to every other one. Returns the mean (p,) that each of the n workers ends with."""
    ### BEGIN SOLUTION
    n = len(grads)
    totals = [g.copy() for g in grads]
    for src in range(n):
        for dst in range(n):
            if src != dst:
                totals[dst] = totals[dst] + send(src, dst, grads[src])
    return [total / n for total in totals]
    ### END SOLUTION

# %% [markdown]
# Given: gradients of generic numbers, and what the public tests of this part share.

# %% locked="on-the-wire"
def some_grads(n, p, seed=0):
    """n gradients (p,) of generic numbers."""
    drawn = np.random.default_rng(seed)
    return [drawn.standard_normal(p) for _ in range(n)]


def on_the_wire(run, grads, want, servers=()):
    """(log, replay) of run(grads, send), once what comes back and who knew what are right."""
    wire, before = network.Network(), [g.copy() for g in grads]
    back = run(grads, wire.send)
    assert len(back) == len(grads), "one result for each worker: a list as long as grads"
    assert all(np.array_equal(a, b) for a, b in zip(grads, before, strict=True)), "grads stay as they were: add to copies"
    for got in back:
        assert numeric.as_float64(got).shape == want.shape, "each worker ends with p numbers"
        assert np.allclose(numeric.as_float64(got).numpy(), want), "each worker ends with the right numbers: sum or mean?"
    shown = network.replay(wire.log, grads, servers)
    kinds = {fault.kind for fault in shown.faults}
    assert "stranger" not in kinds, "messages go between two workers that there are: look at src and dst"
    assert "no sum" not in kinds, "what is sent are entries of gradients, or sums of these"
    assert "too early" not in kinds, "a worker sends only what it has by then: the replay found one that could not know it"
    assert "incomplete" not in kinds, "each worker has been sent what it needs: one cannot know the result"
    return wire.sizes()


# %% tests="s003-8i"
def public_tests_all_to_all():
    for n, p in ((3, 4), (2, 1), (1, 3)):
        grads = some_grads(n, p)
        log = on_the_wire(all_to_all, grads, sum(grads) / n)
        assert len(log) == n * (n - 1), f"each ordered pair of workers once: {n} workers"
        assert len({(src, dst) for src, dst, _ in log}) == len(log), "no pair of workers twice"
        assert all(size == p for _, _, size in log), "each message is a whole gradient"
    zeros = all_to_all([np.zeros(2), np.zeros(2)], network.Network().send)
    assert not np.any(zeros), "gradients of exactly 0: the mean is 0"


public_tests_all_to_all()

# %% [markdown]
# ## 3.2 A server in the middle
#
# **The idea.** One more machine, the *parameter server*, has no gradient of its own (it is *dedicated*). All workers send to it; it takes the mean and sends it back.
#
# **Your task** (s003-8ii). Again the mean for each worker. The server's number is given, and is none of $0, \dots, n-1$.

# %% answer="s003-8ii"
def parameter_server(grads: list[np.ndarray], send, server_id: int) -> list[np.ndarray]:
    """Workers send their gradients (p,) to the server, which sends back the mean. Returns what each worker ends with."""
    ### BEGIN SOLUTION
    total = np.zeros_like(grads[0])
    for src, g in enumerate(grads):
        total = total + send(src, server_id, g)
    return [send(server_id, dst, total / len(grads)) for dst in range(len(grads))]
    ### END SOLUTION

# %% tests="s003-8ii"
def public_tests_server():
    for n, p, server in ((3, 4, 3), (2, 1, 9), (1, 3, 1)):
        grads = some_grads(n, p)
        log = on_the_wire(lambda given, send: parameter_server(given, send, server), grads, sum(grads) / n, (server,))
        assert len(log) == 2 * n, f"each worker sends once and is sent to once: {n} workers"
        assert all((src == server) != (dst == server) for src, dst, _ in log), "one end of each message is the server"
        assert all(size == p for _, _, size in log), "each message is a whole gradient"
    zeros = parameter_server([np.zeros(2), np.zeros(2)], network.Network().send, 5)
    assert not np.any(zeros), "gradients of exactly 0: the mean is 0"


public_tests_server()

# %% [markdown]
# ## 3.3 A ring
#
# **The idea.** Both schemes have a bottleneck: the wire of the server, or everybody's. In a *ring*, each worker sends to its neighbour only, and always to the same
# one. Cut each gradient into $n$ chunks of $p/n$ numbers ($n$ divides $p$).
#
# 1. *Reduce-scatter*, $n-1$ rounds. In each round every worker passes one chunk on; the neighbour adds it to its own chunk of that number, and passes the sum on in the next
#    round. After $n-1$ rounds each worker has the complete sum of *one* chunk.
# 2. *All-gather*, $n-1$ rounds. The complete chunks go round in the same way, and now they replace instead of being added.
#
# **By hand.** Three workers, chunks 0, 1, 2, each to the next higher number. Round 1: worker $w$ sends chunk $w$. Round 2: worker $w$ sends chunk $w-1$, to which it has just added
# its own. Which chunk is complete at which worker now?
#
# **Traps.** In a round all workers send what they had *before* the round. And $n - 1$ rounds are enough; with one more, something is counted twice.
#
# **Your task** (s003-8iii). Return the *sum* for each worker. Either direction will do, as long as it stays the same.

# %% answer="s003-8iii"
def ring_all_reduce(grads: list[np.ndarray], send) -> list[np.ndarray]:
    """The sum of all gradients (p,) for each of the n workers, by chunks of p / n round a ring; n divides p."""
    ### BEGIN SOLUTION
    n = len(grads)
    chunks = [[part.copy() for part in np.split(g, n)] for g in grads]
    for r in range(n - 1):
        arrived = [send(w, (w + 1) % n, chunks[w][(w - r) % n]) for w in range(n)]
        for w in range(n):
            c = (w - r) % n
            chunks[(w + 1) % n][c] = chunks[(w + 1) % n][c] + arrived[w]
    for r in range(n - 1):
        arrived = [send(w, (w + 1) % n, chunks[w][(w + 1 - r) % n]) for w in range(n)]
        for w in range(n):
            chunks[(w + 1) % n][(w + 1 - r) % n] = arrived[w]
    return [np.concatenate(parts) for parts in chunks]
    ### END SOLUTION

# %% tests="s003-8iii"
def public_tests_ring():
    for n, p in ((3, 6), (2, 2), (4, 8), (1, 3)):
        grads = some_grads(n, p)
        log = on_the_wire(ring_all_reduce, grads, sum(grads))
        assert len(log) == 2 * n * (n - 1), f"2 (n - 1) messages from each worker: {n} workers"
        assert all(size == p // n for _, _, size in log), "each message is one chunk"
        steps = {(dst - src) % n for src, dst, _ in log}
        assert len(steps) <= 1 and steps <= {1, n - 1}, "each worker sends to one neighbour, all in one direction"
    zeros = ring_all_reduce([np.zeros(2), np.zeros(2)], network.Network().send)
    assert not np.any(zeros), "gradients of exactly 0: the sum is 0"


public_tests_ring()

# %% figure="ring"
def ring_rounds():
    grads, wire = some_grads(4, 8), network.Network()
    ring_all_reduce(grads, wire.send)
    return systems_pictures.ring(wire.log, grads)


when_ready("ring_all_reduce", ring_rounds)

# %% [markdown]
# Four workers, from your own log. Each small picture is a round: an arrow is a message with its chunk and the workers whose gradients are in it. In the first $n-1$ rounds the
# sums grow; then complete ones go round.
#
# ## 3.4 What it costs
#
# **Your task** (s003-8, table). Count and size of the messages of each scheme, for one mean (or sum) over $n$ workers of $p$ numbers. Sizes are in numbers.

# %% answer="s003-8-table"
def table(n: int, p: int) -> dict[str, tuple[int, float]]:
    """{"a2a": (messages, numbers in each), "ps": ..., "ring": ...} for n workers and gradients of p numbers; n divides p."""
    ### BEGIN SOLUTION
    return {"a2a": (n * (n - 1), p), "ps": (2 * n, p), "ring": (2 * n * (n - 1), p / n)}
    ### END SOLUTION

# %% tests="s003-8-table"
def public_tests_table():
    for n, p in ((3, 6), (4, 8), (1, 3)):
        grads, found = some_grads(n, p), table(n, p)
        runs = {"a2a": all_to_all, "ps": lambda given, send: parameter_server(given, send, n), "ring": ring_all_reduce}
        for name, run in runs.items():
            wire = network.Network()
            run(grads, wire.send)
            count, size = found[name]
            assert int(count) == len(wire.log), f"{name}: as many messages as your own workers send, n = {n}"
            if wire.log:
                assert float(size) == wire.sizes()[0][2], f"{name}: messages of the size that your own workers send, n = {n}"


public_tests_table()

# %% figure="traffic"
def traffic():
    n, rows = 8, {}
    grads = some_grads(n, 8 * n)
    runs = {"all to all": all_to_all, "server": lambda given, send: parameter_server(given, send, n), "ring": ring_all_reduce}
    for name, run in runs.items():
        wire = network.Network()
        run(grads, wire.send)
        sent, received = np.zeros(n + 1), np.zeros(n + 1)
        for src, dst, size in wire.sizes():
            sent[src] += size / (8 * n)
            received[dst] += size / (8 * n)
        rows[name] = (sent + received).tolist()
        print(f"{name}: {sent.sum():.0f} gradients travel in all; the busiest machine sends and receives {max(rows[name]):.2f}")
    return systems_pictures.traffic(rows)


when_ready("all_to_all, parameter_server or ring_all_reduce", traffic)

# %% [markdown]
# In all, the ring sends no less than the server does: $2(n-1)p$ numbers against $2np$. What it does better is the load: $2(n-1)p/n$ from each worker, less than two gradients
# however many there are, while the server's wire carries $2np$.
#
# ## 3.5 Who broke the ring?
#
# **Why.** When a job hangs on 512 machines, what you have is a log. Which machine did the first wrong thing?
#
# **The rules of a ring** over $n > 1$ workers, each to the next higher number (and $n-1$ to 0), in rounds: in each of the $2(n-1)$ rounds *every* worker sends one message of $p/n$ numbers. Within a round
# they may come in any order, but nobody begins round $r+1$ before all have sent in round $r$. A worker that does is waiting for nobody, and passes on something old.
#
# **Your task** (ring-audit). The log is a list of `(src, dst, size)`, with `src` from 0 to $n-1$. Find the first message that breaks a rule, and say which: `"neighbour"` (wrong receiver), `"size"`, `"round"` (sent in a round that has not begun, or
# after the last one). If a message breaks several, name the one that comes first in this list. A log that ends before the last round is over is not at fault: it may be still going on.

# %% answer="ring-audit"
def first_fault(log: list[tuple[int, int, int]], n: int, p: int) -> tuple[int, str] | None:
    """(place in the log, counted from 0, rule) of the first message that breaks a rule of the ring, or None.

    log: (src, dst, size) of each message, in order; n > 1 workers, p numbers, n divides p
    """
    ### BEGIN SOLUTION
    sent = [0] * n
    for index, (src, dst, size) in enumerate(log):
        if dst != (src + 1) % n:
            return index, "neighbour"
        if size * n != p:
            return index, "size"
        if sent[src] > min(sent) or sent[src] == 2 * (n - 1):
            return index, "round"
        sent[src] += 1
    return None
    ### END SOLUTION

# %% tests="ring-audit"
def public_tests_audit():
    good = [(w, (w + 1) % 3, 2) for _ in range(4) for w in (1, 0, 2)]
    assert first_fault(good, 3, 6) is None, "a ring without a fault: None"
    assert first_fault(good[:5], 3, 6) is None, "a log that is still going on: None"
    assert first_fault([], 3, 6) is None, "an empty log: None"
    for place, message, rule in ((4, (0, 2, 2), "neighbour"), (2, (2, 0, 6), "size"), (4, (1, 2, 2), "round")):
        bad = [*good[:place], message, *good[place + 1 :]]
        got = first_fault(bad, 3, 6)
        assert got is not None, f"a fault is found: {rule}"
        assert int(got[0]) == place, f"the place of the first fault: {rule}"
        assert got[1] == rule, f"the rule that is broken: {rule}"
    late = first_fault([*good, (0, 1, 2)], 3, 6)
    assert late is not None and late[1] == "round", "a message after the last round: somebody counts one round too many"
    kept = list(good)
    assert first_fault(kept, 3, 6) is None and kept == good, "the log stays as it was"
    assert first_fault([(0, 1, 1), (1, 0, 1), (1, 0, 1)], 2, 2) is None, "two workers: the next one is also the one before"


public_tests_audit()
