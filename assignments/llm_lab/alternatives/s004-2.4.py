# %% by_product
"""All pairs by itertools, the test by a symmetric sum."""
def trial(debater, topics, seeds, before, after):
    from itertools import product

    rows = []
    for topic, seed in product(topics, seeds):
        row = {"topic": topic, "seed": seed}
        for key, T in (("before", before), ("after", after)):
            row[key] = sum(len(points_) for points_ in debater(topic, T, seed).values())
        rows.append(row)
    return rows


def summary(rows):
    changes = np.array([row["after"] - row["before"] for row in rows], dtype=float)
    rose, fell = int((changes > 0).sum()), int((changes < 0).sum())
    n = rose + fell
    tail = [math.comb(n, i) / 2**n for i in range(n + 1) if abs(i - n / 2) >= abs(rose - n / 2)]
    p = min(sum(tail), 1.0)
    verdict = "cannot tell"
    if p <= 0.05:
        verdict = "better" if rose > fell else "worse"
    return {"mean": float(changes.mean()) if len(changes) else 0.0, "rose": rose, "fell": fell, "p": p, "verdict": verdict}


# %% seeds_first
"""Seed after seed instead of topic after topic."""
def trial(debater, topics, seeds, before, after):
    def score(held):
        return len(held["con"]) + len(held["pro"])

    rows = []
    for seed in seeds:
        for topic in topics:
            rows.append({"topic": topic, "seed": seed, "before": score(debater(topic, before, seed)), "after": score(debater(topic, after, seed))})
    return rows


# %% by_numpy
"""Rows from a grid of indices; the signs by numpy, the test by factorials."""
def trial(debater, topics, seeds, before, after):
    def made(place, T):
        held = debater(topics[place[0]], T, seeds[place[1]])
        return sum(map(len, (held["pro"], held["con"])))

    return [
        {"topic": topics[one[0]], "seed": seeds[one[1]], "before": made(one, before), "after": made(one, after)}
        for one in np.ndindex(len(topics), len(seeds))
    ]


def summary(rows):
    signs = np.sign([row["after"] - row["before"] for row in rows])
    rose, fell = int((signs > 0).sum()), int((signs < 0).sum())
    n = rose + fell
    ways = sum(math.factorial(n) // math.factorial(i) // math.factorial(n - i) for i in range(min(rose, fell) + 1))
    p = min(ways / 2 ** (n - 1), 1.0) if n else 1.0
    mean = (sum(row["after"] for row in rows) - sum(row["before"] for row in rows)) / max(1, len(rows))
    return {"mean": mean, "rose": rose, "fell": fell, "p": p, "verdict": ["cannot tell", "better", "worse"][(p <= 0.05) * (1 + (fell > rose))]}
