"""How work grows with its input, measured so that neither a busy machine nor a full heap decides."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 4


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call of `work`. The collector waits: what it walks is the heap that other tests left."""
    gc.disable()
    try:
        begin = time.process_time()
        work()
        return time.process_time() - begin
    finally:
        gc.enable()


def assert_linear(work: Callable[[int], Callable[[], object]], small: int, times: int = 8) -> None:
    """`work(size)` prepares a call; at `times` the size it may cost three times its share, where a quadratic step
    would take `times` squared. One quiet try is enough: what is quadratic is so each time."""
    seen = []
    for _ in range(TRIES):
        once = cpu_seconds(work(small))
        much = cpu_seconds(work(times * small))
        if much < 3 * times * max(once, 0.02):
            return
        seen.append((once, much))
    raise AssertionError(f"{times} times the size takes far more than {times} times as long: {seen}")
