"""A race of optimisers: small noisy problems, a budget of steps, and a tuned baseline to beat.

A problem gives gradients and nothing else. Its noise depends on the step alone, so that two optimisers see the same
batches, and how far a run got is the excess loss that is left of what there was at the start. All in float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Update = Callable[[Array, Array, Any, int, int], tuple[Any, Any]]
"""update(theta, grad, state, t, budget) -> (theta, state); t counts from 1, and state is None at t = 1."""

FAMILIES = ("valley", "words", "labels")
BUDGETS = (60, 120, 200)
WORST = 6.0  # powers of ten; a run that blew up counts as this far from where it began
BASELINE_RATE = 0.06


@dataclass(frozen=True)
class Problem:
    """family: which kind; start: where to begin; budget: how many steps; gradient(theta, t): that of one batch;
    excess(theta): how far the true loss lies above its lowest value."""

    family: str
    start: Array
    budget: int
    gradient: Callable[[Array, int], Array]
    excess: Callable[[Array], float]


def drawn(seed: int, family: str, budget: int, *, units: float | None = None) -> Problem:
    """A problem of this family. units: what the loss is measured in; drawn from a thousandth to a thousand if left out.

    Raises ValueError for a family that there is none of."""
    rng = np.random.default_rng((seed, FAMILIES.index(family)))
    scale = 10 ** rng.uniform(-3, 3) if units is None else units
    build = {"valley": _valley, "words": _words, "labels": _labels}[family]
    return build(rng, seed, budget, scale)


def _noise(seed: int, t: int) -> np.random.Generator:
    return np.random.default_rng((seed, 7, t))


def _valley(rng: np.random.Generator, seed: int, budget: int, scale: float) -> Problem:
    """A quadratic bowl, steep along some axes and flat along others, nearly along the axes; noisy gradients."""
    n = int(rng.integers(8, 17))
    curvature = 10 ** rng.uniform(-1, 0.5, n)
    turn = np.linalg.qr(np.eye(n) + 0.1 * rng.standard_normal((n, n)))[0]
    H = turn @ np.diag(curvature) @ turn.T
    best, start = (lambda place: (place, place + rng.standard_normal(n)))(rng.standard_normal(n))
    spread = 0.1 * np.sqrt(curvature)

    def gradient(theta: Array, t: int) -> Array:
        return np.asarray(scale * (H @ (theta - best) + turn @ (spread * _noise(seed, t).standard_normal(n))))

    return Problem(
        "valley", start, budget, gradient, lambda theta: float(scale * (theta - best) @ H @ (theta - best) / 2)
    )


def _words(rng: np.random.Generator, seed: int, budget: int, scale: float) -> Problem:
    """A number per word to be learned; a batch holds sixteen words, frequent ones often and rare ones seldom."""
    n = int(rng.integers(20, 31))
    share = 1 / np.arange(1, n + 1)
    share = rng.permutation(share / share.sum())
    best = rng.standard_normal(n)

    def gradient(theta: Array, t: int) -> Array:
        batch = _noise(seed, t)
        counts = batch.multinomial(16, share)
        return np.asarray(
            scale * counts / 16 * (theta - best) + scale * np.sqrt(counts) / 16 * 0.2 * batch.standard_normal(n)
        )

    return Problem(
        "words",
        best + rng.standard_normal(n),
        budget,
        gradient,
        lambda theta: float(scale * share @ (theta - best) ** 2 / 2),
    )


def _labels(rng: np.random.Generator, seed: int, budget: int, scale: float) -> Problem:
    """Logistic regression on 200 points whose features differ in size, a little ridge, batches of forty points."""
    n = int(rng.integers(6, 11))
    X = rng.standard_normal((200, n)) * 10 ** rng.uniform(-0.7, 0.3, n)
    y = (X @ rng.standard_normal(n) + 0.5 * rng.logistic(size=200) > 0).astype(float)

    def loss(theta: Array) -> float:
        z = X @ theta
        return float(np.mean(np.logaddexp(0, z) - y * z) + 0.01 * theta @ theta)

    def slope(theta: Array, rows: Any) -> Array:
        p = 0.5 * (1 + np.tanh(X[rows] @ theta / 2))
        return np.asarray(X[rows].T @ (p - y[rows]) / len(p) + 0.02 * theta)

    best = np.zeros(n)
    for _ in range(30):  # Newton, to the lowest loss there is
        p = 0.5 * (1 + np.tanh(X @ best / 2))
        H = (X * (p * (1 - p))[:, None]).T @ X / 200 + 0.02 * np.eye(n)
        best = best - np.linalg.solve(H, slope(best, slice(None)))
    lowest = loss(best)

    def gradient(theta: Array, t: int) -> Array:
        return np.asarray(scale * slope(theta, _noise(seed, t).choice(200, 40, replace=False)))

    start = best + rng.standard_normal(n)
    return Problem("labels", start, budget, gradient, lambda theta: scale * (loss(theta) - lowest))


def run(update: Update, problem: Problem) -> Array:
    """Where an optimiser ends. Raises ValueError where it gives back another shape."""
    theta: Array = problem.start.copy()
    state: Any = None
    for t in range(1, problem.budget + 1):
        gradient = problem.gradient(theta, t)
        moved, state = update(theta.copy(), gradient, state, t, problem.budget)
        theta = np.array(moved, dtype=np.float64)
        if theta.shape != problem.start.shape:
            raise ValueError(f"theta came back with shape {theta.shape}, and was {problem.start.shape}")
        if not np.isfinite(theta).all() or np.abs(theta).max() > 1e6:
            break
    return theta


def left_over(problem: Problem, theta: Array) -> float:
    """log10 of the share of the excess loss that is left: 0 at the start, -1 when a tenth is left; at most WORST."""
    if not np.isfinite(theta).all() or np.abs(theta).max() > 1e6:
        return WORST
    share = problem.excess(theta) / problem.excess(problem.start)
    return min(WORST, math.log10(max(share, 1e-12)))


def baseline(
    theta: Array, grad: Array, state: Any, t: int, budget: int, rate: float = BASELINE_RATE
) -> tuple[Array, Any]:
    """Adam as it stands in most scripts: betas 0.9 and 0.999, and the best constant rate for these problems."""
    m, v = state if state is not None else (np.zeros_like(theta), np.zeros_like(theta))
    m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
    mean, square = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return theta - rate * mean / (np.sqrt(square) + 1e-12), (m, v)


def field(seed: int, budgets: Sequence[int] = BUDGETS, each: int = 2) -> list[Problem]:
    """The problems of one race: `each` of every family at every budget."""
    return [
        drawn(seed * 1000 + 10 * place + budget, family, budget)
        for budget in budgets for family in FAMILIES for place in range(each)
    ]  # fmt: skip


def score(update: Update, problems: Sequence[Problem]) -> float:
    """The mean of log10 of what is left over; lower is better."""
    return float(np.mean([left_over(problem, run(update, problem)) for problem in problems]))
