"""Runs that no one could buy, of the notebook's own source. Never shipped: they stand here and nowhere else.

Made once on two processor cores with `seq2kit.scaling.runs.trained`, as the shipped table was: same recipe, seed 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from seq2kit.scaling import game, runs
from seq2kit.scaling.markov import zipf_source

from autograder.judge import Draw

Row = tuple[float, int, int, int, int, float]


@dataclass(frozen=True)
class Place:
    """A table that can be bought from, and runs at `target` that cannot. source: arguments of zipf_source."""

    source: tuple[int, float, float, int]
    target: float
    offers: tuple[runs.Result, ...]
    held: tuple[tuple[int, float], ...]  # (parameters, loss)

    @property
    def entropy(self) -> float:
        """Nats that no model can save."""
        return zipf_source(*self.source).entropy()

    def world(self, draw: Draw) -> game.World:
        """The table, with a drawn budget of the usual kind: up to two thirds of what one seed of all runs costs."""
        every = game.table_world(self.offers, 0.0, self.target)
        one_seed = game.price(every.offers)
        return game.World(every.offers, draw.uniform(0.4, 0.65) * one_seed, self.target)

    def best(self) -> tuple[float, float]:
        """(size, loss) at the bottom of the parabola through the runs that were held out."""
        u, losses = np.log10([size for size, _ in self.held]), [loss for _, loss in self.held]
        p = np.polyfit(u, losses, 2)
        at = float(-p[1] / (2 * p[0]))
        return 10**at, float(np.polyval(p, at))


def _table(rows: Sequence[Row]) -> tuple[runs.Result, ...]:
    return tuple(runs.Result(*row, 0.0) for row in rows)


SHIPPED = Place(
    (256, 1.2, 3.5, 0), 6.4e11, (*runs.shipped_runs(0), *runs.shipped_runs(1)),
    ((37935, 2.06952), (61380, 2.06948), (101040, 2.07624), (161304, 2.08629)),
)  # fmt: skip
PLACES: tuple[Place, ...] = (SHIPPED,)
