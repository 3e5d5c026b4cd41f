"""Whose turn it is to compute. Building a sandbox and taking it down are mostly waits for the machine: they are done
beside the submissions that compute, of which there are only so many at a time.

As in stages.py, a submission is graded by one thread, so nothing is handed through all that it passes: it says `begin`
when its sandbox stands and `end` when it is judged. Where nobody counts, both do nothing.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

_here = threading.local()


class Turns:
    """So many submissions compute at a time; the others wait in `begin`."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """This thread grades one submission, which has no turn yet, and none any more afterwards, whatever happens."""
        _here.turn = turn = _Turn(self._free)
        try:
            yield
        finally:
            turn.end()
            _here.turn = None


class _Turn:
    def __init__(self, free: threading.Semaphore) -> None:
        self.free, self.held, self.waited = free, False, 0.0

    def begin(self) -> None:
        if not self.held:
            since = time.monotonic()
            self.free.acquire()
            self.held = True
            self.waited += time.monotonic() - since

    def end(self) -> None:
        if self.held:
            self.held = False
            self.free.release()


def begin() -> None:
    """Wait until the submission of this thread may compute. Once it may, this returns at once, until its `end`."""
    if (turn := _mine()) is not None:
        turn.begin()


def end() -> None:
    """The submission of this thread has computed; another one may."""
    if (turn := _mine()) is not None:
        turn.end()


def waited() -> float:
    """Seconds that the submission of this thread has waited for its turn."""
    return turn.waited if (turn := _mine()) is not None else 0.0


def _mine() -> _Turn | None:
    return getattr(_here, "turn", None)
