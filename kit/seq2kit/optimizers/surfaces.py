"""Losses of two weights, to watch an optimiser walk on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
_FAR = 1e6  # where a path that runs away is cut


@dataclass(frozen=True)
class Surface:
    """value(x, y): the loss, of numbers or arrays; slope(point): its gradient, (2,) -> (2,); start, best: points;
    window: the part to draw, (left, right, bottom, top)."""

    name: str
    value: Callable[[Any, Any], Any]
    slope: Callable[[Array], Array]
    start: tuple[float, float]
    best: tuple[float, float]
    window: tuple[float, float, float, float]


VALLEY = Surface(
    "a long valley: (x² + 25 y²) / 2",
    lambda x, y: (x**2 + 25 * y**2) / 2,
    lambda point: np.array([point[0], 25 * point[1]]),
    (-4.0, 1.3), (0.0, 0.0), (-5.0, 3.0, -2.0, 2.0),
)  # fmt: skip
"""Twenty-five times as steep across as along."""

BEND = Surface(
    "a bent valley: ((1 - x)² + 5 (y - x²)²) / 2",
    lambda x, y: ((1 - x) ** 2 + 5 * (y - x**2) ** 2) / 2,
    lambda point: np.array([
        point[0] - 1 - 10 * point[0] * (point[1] - point[0] ** 2), 5 * (point[1] - point[0] ** 2),
    ]),
    (-1.6, 1.6), (1.0, 1.0), (-2.2, 2.0, -1.0, 3.0),
)  # fmt: skip
"""Rosenbrock's function (1960) with 5 in place of 100: the way to the lowest point turns."""


def walk(update: Callable[[Array, Array, Any], tuple[Any, Any]], surface: Surface, steps: int) -> Array:
    """The path (steps + 1, 2) of update(theta, grad, state) -> (theta, state), state None at first. A path that leaves
    every window by far ends there."""
    theta, state = np.array(surface.start, dtype=np.float64), None
    path = [theta]
    for _ in range(steps):
        moved, state = update(theta.copy(), surface.slope(theta), state)
        theta = np.array(moved, dtype=np.float64).reshape(2)
        if not np.isfinite(theta).all() or np.abs(theta).max() > _FAR:
            break
        path.append(theta)
    return np.array(path)
