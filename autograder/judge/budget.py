"""What one check may cost the judge itself: its own CPU time and memory, whatever a student's code sent back.

Only a process that judges and does nothing else is held to it (`arm`): the limits are those of the whole process, and
the signal that enforces them needs its main thread. Elsewhere `bounded` does nothing.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

CHECK_SECONDS = 30.0  # CPU seconds; the dearest check of the course takes 3
CHECKS_SECONDS = 120.0  # all checks of a submission together
EXPLAIN_SECONDS = 300.0  # running the declared mistakes of every item for the first time
IDLE_SECONDS = 60.0  # in which a check may compute nothing at all and wait for nobody; it waits for ever then
MEMORY = 2 * 2**30  # bytes, over all checks of a submission together
EXPLAIN_MEMORY = 8 * 2**30  # bytes, for declared mistakes: one that asks for more than any machine has shall be refused
_SHORTEST = 0.01
_NO_MEMORY = ("can't allocate memory", "Cannot allocate memory", "bad_alloc")  # as torch, the system and C++ say it
_armed = _tired = False
_left = CHECKS_SECONDS
_LOOK = 2.0  # seconds between two looks at whether this process computes anything
_still, _seen = 0.0, 0.0


class Overrun(BaseException):
    """The limit is reached; its text says which, for the instructor. No `except Exception` of a check may take it for
    something else."""


def arm() -> None:
    """Hold this process to its limits from now on; it must be its main thread that judges."""
    global _armed
    signal.signal(signal.SIGPROF, _overrun)
    signal.signal(signal.SIGALRM, _look)
    _armed = True


def _overrun(number: int, frame: FrameType | None) -> None:
    global _tired
    _tired = True
    raise Overrun("out of CPU seconds")


def _look(number: int, frame: FrameType | None) -> None:
    """Counts looks, not the clock: a machine that stood still is nobody's idleness."""
    global _still, _seen, _tired
    now = time.process_time()
    _still, _seen = (0.0 if now - _seen > _LOOK / 100 else _still + _LOOK), now
    if _still >= IDLE_SECONDS:
        _still, _tired = 0.0, True
        raise Overrun(f"waited for {IDLE_SECONDS:.0f} s without computing anything")


def awake() -> None:
    """What is waited for here has a time limit of its own."""
    global _still
    _still = 0.0


def tired() -> bool:
    """Whether something was ever broken off here: it may have left a library in the middle of what it did."""
    return _tired


def exhausted(error: BaseException) -> bool:
    """Whether an exception says that one of these limits was reached."""
    ours = isinstance(error, (RuntimeError, OSError))  # not what is told of an exception in the notebook
    no_memory = isinstance(error, MemoryError) or (ours and any(words in str(error) for words in _NO_MEMORY))
    return isinstance(error, Overrun) or (_armed and no_memory)


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise Overrun after so many CPU seconds. What does not even come back to Python (a product of huge matrices)
    ends the process instead, a little later. May be nested."""
    global _left
    if not _armed:
        yield
        return
    before = time.process_time()
    outer, _ = signal.getitimer(signal.ITIMER_PROF)
    seconds = max(_SHORTEST, min(seconds, outer or _left))
    _soften(resource.RLIMIT_CPU, int(before + 1.5 * seconds) + 2)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    if not outer:
        awake()
        signal.setitimer(signal.ITIMER_REAL, _LOOK, _LOOK)
    try:
        yield
    finally:
        now = time.process_time()
        rest = max(_SHORTEST, outer - (now - before)) if outer else 0.0
        signal.setitimer(signal.ITIMER_PROF, rest)
        if outer:
            _soften(resource.RLIMIT_CPU, int(now + 1.5 * rest) + 2)
        else:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            _left -= now - before
            _soften(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU)[1])


def begin(memory: int = MEMORY, used: float = 0.0) -> None:
    """A new submission, over which `used` CPU seconds went elsewhere. From here on this process may grow by so many
    bytes: what asks for more raises."""
    global _left
    _left = CHECKS_SECONDS - used
    if _armed:
        _soften(resource.RLIMIT_DATA, _data() + memory)


def explaining() -> None:
    """The verdicts stand: nothing that a student sent decides any more what is built, or how much of it."""
    global _left
    _left = EXPLAIN_SECONDS
    if _armed:
        _soften(resource.RLIMIT_DATA, _data() + EXPLAIN_MEMORY)


def _soften(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _data() -> int:
    """Bytes of private writable memory that this process has mapped: what RLIMIT_DATA counts."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise OSError("the size of this process cannot be read")
