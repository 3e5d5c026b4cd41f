"""What the check files of the linear RNN share: a generic network."""

from __future__ import annotations

from typing import Any

from autograder.judge import Draw

from . import reference as ref


def problem(draw: Draw, T: int, X: int = 3, H: int = 5, Y: int = 4) -> Any:
    """A generic network and data; targets are soft, so the index of a class is not enough."""
    network = draw.tensor(H, H, scale=0.5), draw.tensor(H, X), draw.tensor(Y, H), draw.tensor(H)
    return ref.Problem(*network, draw.tensor(T, X), draw.simplex(T, Y))
