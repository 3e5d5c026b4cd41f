"""Two groups of people, one classifier, and three places where it can learn to treat them differently."""

from __future__ import annotations

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
SOURCES = ("none", "parent", "data", "metric")


def people(count: int, share: float, seed: int) -> tuple[Array, Whole, Whole]:
    """(features (n, 4), truth (n,), group (n,)): a share is in group 1; half of each has truth 1.

    In group 0 the first feature tells the truth, in group 1 the second; the third is the group, the fourth is 1."""
    drawn = np.random.default_rng(seed)
    group = (drawn.random(count) < share).astype(np.int64)
    truth = (drawn.random(count) < 0.5).astype(np.int64)
    noise = drawn.standard_normal((count, 2))
    told = 1.6 * (2 * truth - 1.0)
    first, second = noise[:, 0] + told * (group == 0), noise[:, 1] + told * (group == 1)
    return np.stack([first, second, group - 0.5, np.ones(count)], axis=1), truth, group


def _fit(x: Array, y: Whole, weight: Array, start: Array, steps: int) -> Array:
    """Logistic regression by gradient descent from `start`."""
    w: Array = start.copy()
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        w = np.asarray(w - x.T @ (weight * (p - y)) / weight.sum(), dtype=np.float64)
    return w


def outcome(source: str, seed: int) -> tuple[Whole, Whole, Whole]:
    """(said, truth, group) of 2,000 new people, half in each group, for a classifier with one source of bias.

    "none": trained on as many people of each group. "parent": a parent learned from labels that were wrong for
    group 1, and a few steps of good data follow. "data": six in ten people of group 1 with truth 1 are recorded as 0.
    "metric": good data, but what is optimised counts group 1 a fiftieth. Raises ValueError for another source."""
    if source not in SOURCES:
        raise ValueError(f"source is one of {', '.join(SOURCES)}")
    x, truth, group = people(2000, 0.5, seed)
    drawn = np.random.default_rng(seed + 1)
    recorded = np.where((group == 1) & (truth == 1) & (drawn.random(len(truth)) < 0.6), 0, truth)
    even, nothing = np.ones(len(truth)), np.zeros(4)
    if source == "parent":
        w = _fit(x, truth, even, _fit(x, recorded, even, nothing, 200), 8)
    elif source == "data":
        w = _fit(x, recorded, even, nothing, 200)
    else:
        w = _fit(x, truth, np.where(group == 1, 0.02, 1.0) if source == "metric" else even, nothing, 200)
    fresh, known, place = people(2000, 0.5, seed + 500)
    return (fresh @ w > 0).astype(np.int64), known, place
