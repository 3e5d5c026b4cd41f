"""A family of small tasks for meta-learning: sine waves of different height and shift, and a tiny network for them.

The family is that of Finn et al. (2017), section 5.1, with a smaller network. Weights are one vector phi (SIZE,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
HIDDEN = 24
SIZE = 3 * HIDDEN + 1
_REACH = 3.0  # inputs lie in [-3, 3]


def start(seed: int) -> Array:
    """Weights to begin with: (SIZE,)."""
    drawn = np.random.default_rng(seed)
    first, shift = drawn.standard_normal(HIDDEN), drawn.uniform(-_REACH, _REACH, HIDDEN)
    return np.concatenate([first, first * shift, drawn.standard_normal(HIDDEN) / HIDDEN**0.5, np.zeros(1)])


def answers(phi: Array, x: Array) -> Array:
    """What the network gives at inputs x (n,): (n,)."""
    w, b, v = np.split(phi[:-1], 3)
    found: Array = np.tanh(np.outer(x, w) + b) @ v + phi[-1]
    return found


@dataclass(frozen=True)
class Task:
    """height * sin(x + shift), seen at some points. x, y: (n,) to learn from; x_new, y_new: (m,) to be judged by."""

    x: Array
    y: Array
    x_new: Array
    y_new: Array

    def gradient(self, phi: Any) -> Array:
        """Of the mean squared error on the points to learn from, at phi (SIZE,): (SIZE,)."""
        weights = np.asarray(phi, dtype=np.float64)
        w, b, v = np.split(weights[:-1], 3)
        h = np.tanh(np.outer(self.x, w) + b)
        d = 2 * (h @ v + weights[-1] - self.y) / len(self.x)
        inner = np.outer(d, v) * (1 - h**2)
        return np.concatenate([self.x @ inner, inner.sum(0), d @ h, [d.sum()]])

    def loss(self, phi: Any) -> float:
        """Mean squared error on the points to be judged by."""
        return float(((answers(np.asarray(phi, dtype=np.float64), self.x_new) - self.y_new) ** 2).mean())


def tasks(seed: int, count: int, points: int = 10) -> list[Task]:
    """`count` tasks of the family; equal seeds give equal tasks."""
    drawn = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        height, shift = drawn.uniform(0.5, 2.0), drawn.uniform(0.0, 1.2)
        x, new = drawn.uniform(-_REACH, _REACH, points), np.linspace(-_REACH, _REACH, 50)
        found.append(Task(x, height * np.sin(x + shift), new, height * np.sin(new + shift)))
    return found


def adapted(phi: Array, task: Task, steps: int, rate: float) -> Array:
    """phi after `steps` of gradient descent on a task."""
    for _ in range(steps):
        phi = phi - rate * task.gradient(phi)
    return phi
