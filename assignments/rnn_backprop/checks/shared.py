"""What the check files of the linear RNN share: a generic network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.judge import Draw

from . import reference as ref


def problem(draw: Draw, T: int, X: int = 3, H: int = 5, Y: int = 4) -> Any:
    """A generic network and data; targets are soft, so the index of a class is not enough."""
    network = draw.tensor(H, H, scale=0.5), draw.tensor(H, X), draw.tensor(Y, H), draw.tensor(H)
    return ref.Problem(*network, draw.tensor(T, X), draw.simplex(T, Y))


def moving(draw: Draw, *given: torch.Tensor) -> Callable[[float], tuple[torch.Tensor, ...]]:
    """Arguments as a function of a step along drawn directions: all of them move, for each may lose its digits."""
    ways = [draw.tensor(*part.shape) for part in given]
    return lambda step: tuple(part + step * way for part, way in zip(given, ways, strict=True))


def moving_rows(draw: Draw, rows: torch.Tensor) -> Callable[[float], torch.Tensor]:
    """Probabilities as a function of a small step: each row still sums to 1."""
    way = 0.1 * draw.tensor(*rows.shape)
    way -= way.mean(-1, keepdim=True)
    return lambda step: rows + step * way
