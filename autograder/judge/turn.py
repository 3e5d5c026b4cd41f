"""One thread at a time runs trusted code: checks, references, declared mistakes.

They share the process's global state: torch's generator, the environment, stdout, and libraries that change
themselves for a moment (while transformers loads a model it ties no weights anywhere in the process). Whoever
waits for a student's process lets the others have their turn meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

_TURN = threading.Lock()
_MINE = threading.local()


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait until no other thread runs trusted code, and keep it so. May be nested."""
    if getattr(_MINE, "held", False):
        yield
        return
    with _TURN:
        _MINE.held = True
        try:
            yield
        finally:
            _MINE.held = False


@contextlib.contextmanager
def away() -> Iterator[None]:
    """Inside a turn: others may go on while this thread waits for something outside the process."""
    if not getattr(_MINE, "held", False):
        yield
        return
    _MINE.held = False
    _TURN.release()
    try:
        yield
    finally:
        _TURN.acquire()
        _MINE.held = True
