"""How far the rows of a state are from being one and the same row."""

from __future__ import annotations

import torch
from torch import Tensor

WORDS, WIDTH = 8, 16
Layer = tuple[Tensor, Tensor, Tensor]


def residual(X: Tensor) -> Tensor:
    """What is left of X (n, d) without its mean row, over X, in Frobenius norms: a number from 0 (all rows equal) to 1.

    The measure of Dong, Cordonnier and Loukas (2021), in another norm. NaN where X is 0."""
    left: Tensor = (X - X.mean(0, keepdim=True)).norm() / X.norm()
    return left


def drawn(depth: int, strength: float = 1.0, seed: int = 0) -> tuple[Tensor, list[Layer]]:
    """(X, layers): a state (WORDS, WIDTH) and `depth` tuples (Wq, Wk, Wv) for it, in float64.

    Queries are `strength` times as long as usual."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(WORDS, WIDTH, generator=generator, dtype=torch.float64)
    weights = torch.randn(depth, 3, WIDTH, WIDTH, generator=generator, dtype=torch.float64) / WIDTH**0.5
    return X, [(strength * Wq, Wk, Wv) for Wq, Wk, Wv in weights]
