"""Secret, seeded inputs for checks: generic values, never symmetric, independent of any global generator."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import torch

T = TypeVar("T")


class Draw:
    """Draws inputs from (seed, key). The same pair gives the same values on every machine."""

    def __init__(self, seed: int, key: str = "") -> None:
        digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
        self.seed = int.from_bytes(digest[:8], "big") >> 1
        self._rng = np.random.Generator(np.random.PCG64(self.seed))

    def array(self, *shape: int, scale: float = 1.0) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Normal values of this scale, numpy float64."""
        return self._rng.standard_normal(shape) * scale

    def tensor(self, *shape: int, scale: float = 1.0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        """Normal values of this scale, torch."""
        return torch.from_numpy(np.asarray(self.array(*shape, scale=scale))).to(dtype)

    def onehot(self, n: int, k: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        """(n, k): one 1 per row, at a drawn place."""
        return torch.eye(k, dtype=dtype)[torch.from_numpy(self._rng.integers(0, k, n))]

    def simplex(self, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        """Positive rows that sum to 1 over the last axis."""
        raw = self._rng.uniform(0.2, 1.0, shape)
        return torch.from_numpy(raw / raw.sum(-1, keepdims=True)).to(dtype)

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return int(self._rng.integers(low, high, endpoint=True))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A float in [low, high)."""
        return float(self._rng.uniform(low, high))

    def orthogonal(self, n: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        """(n, n) orthogonal, drawn uniformly (QR with the signs of R's diagonal put right)."""
        q, r = np.linalg.qr(self._rng.standard_normal((n, n)))
        return torch.from_numpy(q * np.sign(np.diag(r))).to(dtype)

    def choice(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[int(self._rng.integers(0, len(options)))]

    def permutation(self, n: int) -> torch.Tensor:
        """A permutation of 0..n-1 that is not the identity (n > 1), int64."""
        while True:
            order = self._rng.permutation(n)
            if n < 2 or not np.array_equal(order, np.arange(n)):
                return torch.from_numpy(order)
