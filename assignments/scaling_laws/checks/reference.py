"""What the hidden checks compare with. Never shipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from seq2kit.scaling import runs as scaling

Array = np.ndarray[Any, np.dtype[np.float64]]


def parameters(vocab: int, context: int, width: int, layers: int) -> int:
    """Parameters of TinyGPT, counted on a model that has shapes but no memory."""
    with torch.device("meta"):
        return scaling.torch_parameters(scaling.TinyGPT(vocab, context, width, layers))


def flops(vocab: int, length: int, width: int, layers: int, *, sequences: int = 1, backward: bool = False) -> int:
    """What torch's counter sees on a real model."""
    model = scaling.TinyGPT(vocab, length, width, layers)
    return scaling.torch_flops(model, torch.zeros(sequences, length, dtype=torch.int64), backward=backward)


def forward(vocab: int, length: int, width: int, layers: int) -> int:
    """The same in closed form, for sizes that do not fit in memory."""
    return layers * (24 * length * width**2 + 4 * length**2 * width) + 2 * length * width * vocab


def parabola(sizes: Sequence[float] | Array, losses: Sequence[float] | Array) -> Array:
    """Least-squares coefficients in log10 of the size, highest power first; by QR, in shifted coordinates."""
    u = np.log10(np.asarray(sizes, dtype=np.float64))
    middle = u.mean()
    a, b, c = np.linalg.lstsq(np.vander(u - middle, 3), np.asarray(losses, dtype=np.float64), rcond=None)[0]
    return np.array([a, b - 2 * a * middle, a * middle**2 - b * middle + c])


def lowest(sizes: Sequence[float] | Array, losses: Sequence[float] | Array) -> float:
    """The size at the lowest point of that parabola."""
    p = parabola(sizes, losses)
    return float(10 ** (-p[1] / (2 * p[0])))


def line(x: Sequence[float] | Array, y: Sequence[float] | Array) -> tuple[float, float]:
    """Slope and intercept of log10 y against log10 x."""
    u, v = np.log10(np.asarray(x, dtype=np.float64)), np.log10(np.asarray(y, dtype=np.float64))
    m = float(((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum())
    return m, float(v.mean() - m * u.mean())


def band(
    x: Sequence[float] | Array, y: Sequence[float] | Array, at: float, t: float,
    along: tuple[float, float] | None = None,
) -> tuple[float, float, float]:  # fmt: skip
    """log10 of (size, low, high) at compute `at`; along: another line (m, c) than that of least squares."""
    u, v = np.log10(np.asarray(x, dtype=np.float64)), np.log10(np.asarray(y, dtype=np.float64))
    m, c = along or line(x, y)
    spread = float(((u - u.mean()) ** 2).sum())
    variance = float(((v - m * u - c) ** 2).sum()) / (len(u) - 2)
    place = float(np.log10(at))
    error = (variance * (1 / len(u) + (place - u.mean()) ** 2 / spread)) ** 0.5
    middle = m * place + c
    return middle, middle - t * error, middle + t * error
