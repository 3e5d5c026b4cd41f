"""Loss as a smooth function of model size and tokens, where every answer is known; and what others have published.

L(N, D) = E + A / N**a + B / D**b (Hoffmann et al. 2022, approach 3). Under C = 6 N D the best size is
N*(C) = G (C / 6)**(b / (a + b)) with G = (a A / (b B))**(1 / (a + b)), so a fit can be held against the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seq2kit.scaling.markov import Array


@dataclass(frozen=True)
class Surface:
    """The five constants. E: nats that no model can save; A, a: what size buys; B, b: what tokens buy."""

    E: float
    A: float
    a: float
    B: float
    b: float

    def loss(self, N: Any, D: Any) -> Array:
        """Nats per token of a model of N parameters after D tokens; numbers or arrays."""
        size, tokens = np.asarray(N, dtype=np.float64), np.asarray(D, dtype=np.float64)
        return np.asarray(self.E + self.A * size**-self.a + self.B * tokens**-self.b)

    @property
    def exponent(self) -> float:
        """b / (a + b): how the best size grows with compute."""
        return self.b / (self.a + self.b)

    def best_size(self, compute: float) -> float:
        """N*, the size with the lowest loss at this compute."""
        ratio = (self.a * self.A / (self.b * self.B)) ** (1 / (self.a + self.b))
        return float(ratio * (compute / 6) ** self.exponent)

    def profile(self, compute: float, factors: Sequence[float]) -> tuple[Array, Array]:
        """(N, loss) of runs that all use this compute, at these multiples of the best size."""
        size = self.best_size(compute) * np.asarray(factors, dtype=np.float64)
        return size, self.loss(size, compute / (6 * size))


CHINCHILLA = Surface(1.69, 406.4, 0.34, 410.7, 0.28)
"""Hoffmann et al. 2022, approach 3."""

CHINCHILLA_REFIT = Surface(1.8172, 482.01, 0.3478, 2085.43, 0.3658)
"""The same data fitted again by Besiroglu et al. 2024."""

PUBLISHED_EXPONENTS = {
    "Kaplan et al. 2020": 0.73,
    "Hoffmann et al. 2022, envelope (approach 1)": 0.50,
    "Hoffmann et al. 2022, IsoFLOP (approach 2)": 0.49,
    "Hoffmann et al. 2022, surface (approach 3)": 0.46,
    "Besiroglu et al. 2024, surface fitted again": 0.513,
}
"""N* ~ C**exponent."""

PUBLISHED_OPTIMA = (
    (400e6, 1.92e19, 8.0e9), (1e9, 1.21e20, 20.2e9), (10e9, 1.23e22, 205.1e9), (67e9, 5.76e23, 1.5e12),
    (175e9, 3.85e24, 3.7e12), (280e9, 9.90e24, 5.9e12), (1e12, 1.27e26, 21.2e12),
)  # fmt: skip
"""Hoffmann et al. 2022, approach 1: (parameters, FLOPs, tokens) of compute-optimal models."""
