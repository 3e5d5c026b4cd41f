"""1,797 handwritten digits of 8 x 8 pixels, real ones, that come with the kit.

Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998
(https://doi.org/10.24432/C50P49, CC BY 4.0), in the selection that scikit-learn ships. See data/NOTICE.txt.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import torch
from torch import Tensor

SIDE, PIXELS = 8, 64
Array = np.ndarray[Any, np.dtype[np.float64]]


@cache
def _loaded() -> tuple[Array, np.ndarray[Any, np.dtype[np.int64]]]:
    with as_file(files("seq2kit") / "data" / "digits.npz") as path, np.load(path) as found:
        return found["images"].astype(np.float64), found["labels"].astype(np.int64)


def images() -> Array:
    """All digits (1797, 64), row by row from the top left, each pixel from 0 (paper) to 1 (ink); a fresh copy."""
    return _loaded()[0] / 16.0


def labels() -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which digit each image is, 0 to 9: (1797,); a fresh copy."""
    found: np.ndarray[Any, np.dtype[np.int64]] = _loaded()[1].copy()
    return found


def split(held_out: int = 297, seed: int = 0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(training images, their labels, other images, their labels), in an order drawn with `seed`: float32 and int64.

    held_out: how many of the 1,797 are kept back. Raises ValueError when that leaves one side empty."""
    if not 0 < held_out < len(labels()):
        raise ValueError(f"of {len(labels())} digits some have to be on each side, got held_out={held_out}")
    order = np.random.default_rng(seed).permutation(len(labels()))
    x, y = torch.from_numpy(images()[order]).float(), torch.from_numpy(labels()[order])
    return x[held_out:], y[held_out:], x[:held_out], y[:held_out]
