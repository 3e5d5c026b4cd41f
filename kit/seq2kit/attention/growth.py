"""How fast a cost grows: the exponent in one size, and the most memory that a call held."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


class _Watching(TorchDispatchMode):
    """Looks at what each operation of torch's makes."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.largest = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for one in result if isinstance(result, (tuple, list)) else (result,):
            if isinstance(one, Tensor):
                self.largest = max(self.largest, one.numel())
        return result


def exponent(cost: Callable[..., Any], sizes: Sequence[int], which: int, factor: int = 1000) -> float:
    """p, where cost grows like the p-th power of the size at place `which` from `sizes` on, while the other sizes stay.

    The step is so long that constants and lower terms hardly show. Raises ValueError where a cost is not positive."""
    larger = [size * factor if place == which else size for place, size in enumerate(sizes)]
    before, after = float(cost(*sizes)), float(cost(*larger))
    if not (before > 0 and after > 0):
        raise ValueError("a cost is a positive number")
    return math.log(after / before) / math.log(factor)


def numpy_peak(call: Callable[[], Any]) -> int:
    """The most bytes of numpy arrays (and Python objects) that `call()` held at once, beyond what was there before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def largest_tensor(call: Callable[[], Any]) -> int:
    """The number of entries of the largest torch tensor that `call()` made on its way."""
    watching = _Watching()
    with torch.no_grad(), watching:
        call()
    return watching.largest
