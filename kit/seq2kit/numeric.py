"""Check a formula against numbers: slopes by finite differences, and how far two results are apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor


def as_float64(value: Any) -> Tensor:
    """A detached float64 copy of a number, nested list or tuple, numpy array or tensor; same shape.

    Raises ValueError when `value` is None, which is what a function without `return` gives.
    """
    if value is None:
        raise ValueError("got None: does your function return its result?")
    if isinstance(value, Tensor):
        return value.detach().to("cpu", torch.float64, copy=True)
    if isinstance(value, (list, tuple)):
        parts = [as_float64(part) for part in value]
        return torch.stack(parts) if parts else torch.empty(0, dtype=torch.float64)
    return torch.from_numpy(np.array(value, dtype=np.float64))


def finite_difference(f: Callable[[Tensor], Any], x: Any, step: float = 1e-6) -> Tensor:
    """Gradient of the scalar function `f` at `x` by central differences; float64, the shape of `x`.

    f: takes a float64 tensor of the shape of `x`, returns one number. Each entry of `x` is moved up and
    down by `step`, so this costs two calls of `f` per entry: for checking small cases, not for training.
    """
    base = as_float64(x)
    slopes = torch.empty_like(base).reshape(-1)
    for entry in range(base.numel()):
        nudge = torch.zeros_like(base)
        nudge.view(-1)[entry] = step
        slopes[entry] = (float(f(base + nudge)) - float(f(base - nudge))) / (2 * step)
    return slopes.reshape(base.shape)


def relative_error(got: Any, want: Any) -> float:
    """Largest entry of |got - want|, divided by the largest entry of |want| (undivided where that is 0).

    NaN or infinity in `got` give infinity. Raises ValueError when the shapes differ.
    """
    mine, theirs = as_float64(got), as_float64(want)
    if mine.shape != theirs.shape:
        raise ValueError(f"shapes differ: {tuple(mine.shape)} and {tuple(theirs.shape)}")
    if mine.numel() == 0:
        return 0.0
    if not bool(torch.isfinite(mine).all()):
        return float("inf")
    scale = float(theirs.abs().max())
    return float((mine - theirs).abs().max()) / (scale or 1.0)
