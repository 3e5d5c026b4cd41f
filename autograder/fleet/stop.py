"""A request from outside to end a run: Ctrl-C, or a signal from whoever manages this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

# SIGHUP: the terminal is gone, say because a connection broke.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """`signal` is 0 until somebody asks. Whoever works on the run listens, and ends it in good order."""

    def __init__(self) -> None:
        self.signal = 0
        self._listeners: list[Callable[[], None]] = []

    def listen(self, act: Callable[[], None]) -> None:
        """Call `act` (short, and safe between any two lines of the main thread) when the run shall end."""
        self._listeners.append(act)
        if self.signal:
            act()

    def request(self, number: int = signal.SIGINT) -> None:
        """Ask for the end of the run. The second time ends the process at once."""
        if self.signal:
            os._exit(128 + number)
        self.signal = number
        for act in self._listeners:
            act()


@contextlib.contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Turn signals into requests, in the main thread only. One that is ignored (nohup) stays ignored."""

    def heard(number: int, frame: FrameType | None) -> None:
        stop.request(number)

    before = {}
    try:
        for number in _SIGNALS if threading.current_thread() is threading.main_thread() else ():
            if signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, heard)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
