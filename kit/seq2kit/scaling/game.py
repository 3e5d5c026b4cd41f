"""The budget game: buy runs from a table until the FLOPs are spent, then commit to a run that no one could buy.

A world holds the runs on offer and one compute far beyond them. Its losses come from a surface (as in
`loss_surface`) with noise from the seed, or from runs that were made. The band of a forecast is scored as in Gneiting
and Raftery (2007): its width, and for a miss 2 / MISS times the distance by which it was missed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seq2kit.scaling.loss_surface import Surface

MISS = 0.1
"""How often the run may lie outside the band: once in ten."""
ROUNDS, TAKEN = 6, 1 + 1e-9
"""How often a player may buy, and how far a bill may exceed the budget by rounding."""
_FAR = 30.0  # times the best size
_FACTORS = (0.25, 0.4, 0.63, 1.0, 1.6, 2.5, 4.0)

Run = tuple[float, float]  # parameters, tokens
Bought = tuple[float, float, float]  # parameters, tokens, loss


@dataclass(frozen=True)
class World:
    """offers: (N, D) -> a loss per seed; flops: the budget of a player; target: the compute of the run to forecast."""

    offers: Mapping[Run, tuple[float, ...]]
    flops: float
    target: float

    def menu(self, taken: Counter[Run] | None = None) -> list[Run]:
        """What can still be bought: (N, D), once for each seed that is left."""
        taken = taken or Counter()
        return [run for run, losses in self.offers.items() for _ in losses[taken[run] :]]


class BadOrder(ValueError):
    """A player ordered what is not on the menu, or more than the budget pays for. `dear`: the latter."""

    def __init__(self, message: str, *, dear: bool) -> None:
        super().__init__(message)
        self.dear = dear


def price(runs: Iterable[Sequence[float]]) -> float:
    """FLOPs of runs (N, D) or (N, D, loss), by C = 6 N D."""
    return float(sum(6 * run[0] * run[1] for run in runs))


def shop(choose_runs: Callable[[list[Run], list[Bought], float], Any], world: World) -> list[Bought]:
    """All runs that a player buys: `choose_runs(menu, bought, left)` is asked again until it orders nothing more, at
    most ROUNDS times. Raises BadOrder."""
    bought: list[Bought] = []
    taken: Counter[Run] = Counter()
    for _ in range(ROUNDS):
        left = world.flops - price(bought)
        order = [(float(run[0]), float(run[1])) for run in choose_runs(world.menu(taken), list(bought), left)]
        if not order:
            break
        if price(order) > left + (TAKEN - 1) * world.flops:
            raise BadOrder("an order costs more than what is left of the budget", dear=True)
        for run in order:
            if taken[run] >= len(world.offers.get(run, ())):
                raise BadOrder("an order asks for a run that is not, or no longer, on the menu", dear=False)
            bought.append((*run, world.offers[run][taken[run]]))
            taken[run] += 1
    return bought


def interval_score(low: float, high: float, loss: float) -> float:
    """Nats: the width of the band, and 2 / MISS times the distance by which it misses the loss. Less is better; a band
    too narrow pays for its misses, one too wide for its width."""
    return high - low + 2 / MISS * (max(0.0, low - loss) + max(0.0, loss - high))


def drawn_world(rng: Any, noise: float | None = None) -> tuple[World, Surface, float]:
    """(world, surface behind it, noise) with drawn constants. rng: has `uniform(low, high)`. noise: how far the
    seed moves a loss, as a share of what lies above the entropy; drawn from 0.004 to 0.015 when left out.

    Five budgets that double, seven sizes each, two seeds; money for a third to two thirds of what one seed of all
    costs; the target is 16 times the largest budget on offer."""
    smallest, size = 10 ** rng.uniform(9.0, 11.0), 10 ** rng.uniform(3.5, 4.5)
    a, b, excess = rng.uniform(0.45, 0.75), rng.uniform(0.45, 0.75), rng.uniform(0.3, 0.6)
    share = rng.uniform(0.004, 0.015) if noise is None else noise
    tokens = smallest / (6 * size)
    surface = Surface(rng.uniform(1.5, 3.0), excess * b / (a + b) * size**a, a, excess * a / (a + b) * tokens**b, b)
    offers: dict[Run, tuple[float, ...]] = {}
    for doubled in range(5):
        compute, shift = smallest * 2**doubled, rng.uniform(0.7, 1.4)
        for factor in _FACTORS:
            n = round(surface.best_size(compute) * factor * shift)
            run = float(n), float(round(compute / (6 * n)))
            offers[run] = tuple(seeded(surface, run, share, rng) for _ in range(2))
    return World(offers, rng.uniform(70.0, 140.0) * smallest, 16 * 16 * smallest), surface, share


def seeded(surface: Surface, run: Run, share: float, rng: Any) -> float:
    """The loss of one run on this surface, moved by its seed."""
    loss = float(surface.loss(*run))
    luck = math.sqrt(-2 * math.log(1 - rng.uniform(0.0, 1.0))) * math.cos(2 * math.pi * rng.uniform(0.0, 1.0))
    return loss + share * (loss - surface.E) * luck


def table_world(runs: Iterable[Any], flops: float, target: float) -> World:
    """A world of runs that were made (each with parameters, tokens and loss; one per seed)."""
    offers: dict[Run, tuple[float, ...]] = {}
    for run in runs:
        place = float(run.parameters), float(run.tokens)
        offers[place] = (*offers.get(place, ()), float(run.loss))
    return World(offers, flops, target)


def practice(count: int, seed: int = 0) -> list[tuple[World, Surface, float]]:
    """Drawn worlds to try a strategy in, each with the surface behind it and the noise."""
    rng = np.random.default_rng(seed)
    return [drawn_world(rng) for _ in range(count)]


@dataclass(frozen=True)
class Outcome:
    """How one game ended. off: how many powers of ten the size lies from the best one; inside: whether the band held
    the run; the others as shares of what lies above the entropy at the best size: how far the loss was off, how wide
    the band was, and its interval score."""

    off: float
    error: float
    inside: bool
    width: float
    score: float


def outcome(forecast: Sequence[float], world: World, surface: Surface, noise: float, rng: Any) -> Outcome:
    """Make the run that a forecast (N, loss, low, high) commits to, and hold it against the forecast."""
    N, loss, low, high = (float(value) for value in forecast)
    best = surface.best_size(world.target)
    above = float(surface.loss(best, world.target / (6 * best))) - surface.E
    size = min(max(N, best / _FAR), best * _FAR)  # a size beyond is as wrong as can be, and its powers may overflow
    reached = seeded(surface, (size, world.target / (6 * size)), noise, rng)
    score = interval_score(low, high, reached)
    off = abs(math.log10(N / best)) if N > 0 else math.inf
    return Outcome(off, abs(loss - reached) / above, low <= reached <= high, (high - low) / above, score / above)


def scores(
    choose_runs: Callable[..., Any], forecast: Callable[..., Any], worlds: Sequence[tuple[World, Surface, float]],
    seed: int = 0,
) -> dict[str, float]:  # fmt: skip
    """How a strategy does in these worlds, in words. Raises BadOrder."""
    rng = np.random.default_rng(seed)
    ends = [
        outcome(forecast(shop(choose_runs, world), world.target), world, surface, noise, rng)
        for world, surface, noise in worlds
    ]
    return {
        "median factor from the best size": float(10 ** np.median([end.off for end in ends])),
        "median error of the loss": float(np.median([end.error for end in ends])),
        "share of runs in the band": float(np.mean([end.inside for end in ends])),
        "median width of the band": float(np.median([end.width for end in ends])),
        "mean interval score": float(np.mean([end.score for end in ends])),
    }
