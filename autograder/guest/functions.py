"""Elementwise functions that can be sent by name: x -> a * f(b * x), on arrays, tensors and floats."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from numpy import abs as absolute
from numpy import asarray, exp, maximum, where

KINDS = ("tanh", "sigmoid", "relu", "sin", "identity")
# Held here: a notebook may overwrite names in torch and numpy.
_TORCH = SimpleNamespace(tanh=torch.tanh, sin=torch.sin, cos=torch.cos, sigmoid=torch.sigmoid, relu=torch.relu)
_NUMPY = SimpleNamespace(tanh=np.tanh, sin=np.sin, cos=np.cos)
_Tensor = torch.Tensor


def _sigmoid(x: Any, lib: Any) -> Any:
    if lib is _TORCH:
        return lib.sigmoid(x)
    # exp of a non-positive number only, so that large |x| neither overflows nor warns
    small = exp(-absolute(x))
    return where(asarray(x) >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def _value(kind: str, x: Any, lib: Any) -> Any:
    if kind == "tanh":
        return lib.tanh(x)
    if kind == "sin":
        return lib.sin(x)
    if kind == "sigmoid":
        return _sigmoid(x, lib)
    if kind == "relu":
        return lib.relu(x) if lib is _TORCH else maximum(x, 0.0)
    return x * 1.0


def _slope(kind: str, x: Any, lib: Any) -> Any:
    if kind == "tanh":
        return 1.0 - lib.tanh(x) ** 2
    if kind == "sin":
        return lib.cos(x)
    if kind == "sigmoid":
        s = _sigmoid(x, lib)
        return s * (1.0 - s)
    if kind == "relu":
        return (x > 0) * (x * 0.0 + 1.0)
    return x * 0.0 + 1.0


@dataclass(frozen=True)
class Elementwise:
    """x -> a * f(b * x), or its derivative; f is one of `KINDS`. Shapes and dtypes are kept."""

    kind: str
    a: float = 1.0
    b: float = 1.0
    order: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.order not in (0, 1):
            raise ValueError(f"expected a kind of {KINDS} and order 0 or 1, got {self.kind!r}, {self.order!r}")
        if not (math.isfinite(self.a) and math.isfinite(self.b)):
            raise ValueError("a and b must be finite")

    def __call__(self, x: Any) -> Any:
        """Apply to a float, a numpy array (or list), or a torch tensor of any shape."""
        if isinstance(x, _Tensor):
            lib: Any = _TORCH
        else:
            lib, x = _NUMPY, (x if isinstance(x, (int, float)) else asarray(x))
        scaled = self.b * x
        if self.order == 0:
            result = self.a * _value(self.kind, scaled, lib)
        else:
            result = self.a * self.b * _slope(self.kind, scaled, lib)
        return float(result) if isinstance(x, (int, float)) else result

    def derivative(self) -> Elementwise:
        """The derivative of a function (order 0), itself elementwise."""
        return replace(self, order=1)

    def steepest(self) -> float:
        """The largest |slope| over the real line: |a*b| times that of f (1/4 for the sigmoid, else 1)."""
        return abs(self.a * self.b) * (0.25 if self.kind == "sigmoid" else 1.0)


def elementwise(kind: str, a: float = 1.0, b: float = 1.0) -> Elementwise:
    """x -> a * f(b * x) as an argument that can cross the wire. Raises ValueError for an unknown kind."""
    return Elementwise(kind, float(a), float(b))
