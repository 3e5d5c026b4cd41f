"""Work in a fork of this very process, within limits: what it does to names, files of torch's or the process itself is
gone afterwards."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import resource
import select
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgpack

from autograder.judge import budget

_WALL = 8.0  # seconds of the clock for each CPU second: the machine may be busy
_MORE = 60.0
_IDLE = 20.0  # seconds; nothing that is declared or tried here waits for longer, but for what waits for ever


@dataclass(frozen=True)
class Ended:
    """What came of it: plain data, or None and why: `late`, or what is known of how it ended."""

    data: Any
    why: str = ""
    late: bool = False


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What an answer prints or warns of is not our business."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        warnings.simplefilter("ignore")
        yield


def in_fork(work: Callable[[], Any], seconds: float, memory: int = budget.MEMORY) -> Ended:
    """The plain data that `work` returns in a fork, which may take so many CPU seconds, and bytes beyond its own."""
    reading, writing = os.pipe()
    gc.freeze()  # or the collector looks at all that is here once in each fork, and each page it touches is copied
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of any thread, a library's idle one too
        child = os.fork()
    if child == 0:
        os.close(reading)
        _child(work, writing, seconds, memory)
    gc.unfreeze()
    os.close(writing)
    try:
        data, late = _received(reading, time.monotonic() + _WALL * seconds + _MORE)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
    if late or (os.WIFSIGNALED(status) and used.ru_utime + used.ru_stime >= seconds):
        return Ended(None, "took too long", late=True)
    try:
        return Ended(msgpack.unpackb(data, strict_map_key=False))
    except ValueError:
        return Ended(None, f"its process ended ({status})")


def _child(work: Callable[[], Any], writing: int, seconds: float, memory: int) -> None:
    """Never returns."""
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU):
            signal.signal(number, signal.SIG_DFL)
        budget.arm()
        budget.begin(memory)
        budget.IDLE_SECONDS = _IDLE
        used = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, int(used + seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with quiet():
            data = msgpack.packb(work())
    except BaseException:
        data = msgpack.packb({"broken": traceback.format_exc()[-2000:]})
    try:
        with open(writing, "wb") as pipe:
            pipe.write(data)
    finally:
        os._exit(0)


def _received(reading: int, deadline: float) -> tuple[bytes, bool]:
    """Everything until the end of the pipe, and whether that came too late."""
    waiting = select.poll()
    waiting.register(reading, select.POLLIN | select.POLLHUP)
    parts: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        if waiting.poll(1000 * left):
            part = os.read(reading, 1 << 20)
            if not part:
                return b"".join(parts), False
            parts.append(part)
    return b"".join(parts), True
