"""What goes wrong. A deed is a context manager around the time in which it lasts; what is over at once does nothing
on leaving."""

from __future__ import annotations

import contextlib
import datetime
import os
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import talk
from tests.support import children, supervises

Deed = Callable[["Place"], AbstractContextManager[None]]


@dataclass(frozen=True)
class Place:
    """The course folder, its temporary folder, and, where they are disks of their own, their fillers."""

    course: Path
    temporary: Path
    warm: Callable[[], int]  # the warm process's id, 0 where there is none


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _below(pid: int) -> list[int]:
    return [found for child in children(pid) for found in (child, *_below(child))]


def _children_of(warm: int, supervising: bool) -> list[int]:
    return [pid for pid in children(warm) if supervises(pid) is supervising] if warm else []


@contextlib.contextmanager
def kill_kernel(place: Place) -> Iterator[None]:
    """Every process of the submissions that run now: what has a supervisor above it."""
    for supervisor in _children_of(place.warm(), supervising=True):
        for pid in _below(supervisor):
            _end(pid)
    yield


@contextlib.contextmanager
def kill_supervisor(place: Place) -> Iterator[None]:
    """What stands between the warm process and the sandboxes."""
    for pid in _children_of(place.warm(), supervising=True):
        _end(pid)
    yield


@contextlib.contextmanager
def kill_judge(place: Place) -> Iterator[None]:
    """Those that judge: forks of the first one, or of the warm process."""
    for first in _children_of(place.warm(), supervising=False):
        for pid in _below(first) or [first]:
            _end(pid)
    yield


@contextlib.contextmanager
def kill_first_judge(place: Place) -> Iterator[None]:
    """What the judges are forks of."""
    for pid in _children_of(place.warm(), supervising=False):
        _end(pid)
    yield


@contextlib.contextmanager
def kill_zygote(place: Place) -> Iterator[None]:
    """The warm process itself."""
    if place.warm():
        _end(place.warm())
    yield


@contextlib.contextmanager
def kill_grader(place: Place) -> Iterator[None]:
    """The command itself; nothing of it runs after this line."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield


@contextlib.contextmanager
def lock_gradebook(place: Place) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    other = sqlite3.connect(place.course / "gradebook.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextlib.contextmanager
def lose_gradebook(place: Place) -> Iterator[None]:
    """Something else stands in its place, and nothing can be made there."""
    path, away = place.course / "gradebook.db", place.course / "gradebook.away"
    path.rename(away)
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        away.rename(path)


@contextlib.contextmanager
def full_disks(place: Place) -> Iterator[None]:
    """No byte can be written to any file: gradebook, results, pages, scratch folders. As root, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def full_course(place: Place) -> Iterator[None]:
    """The disk of the course takes nothing more, for real: only where it is a small one of its own."""
    filler = place.course / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def read_only_course(place: Place) -> Iterator[None]:
    """The disk of the course is mounted anew, read-only, as Linux does with one that fails."""
    subprocess.run(["mount", "-o", "remount,ro", place.course], check=False)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", place.course], check=True)


@contextlib.contextmanager
def lose_scratch(place: Place) -> Iterator[None]:
    """No folder can be made for a sandbox, and those that there are cannot be found."""
    away = place.temporary.with_name(place.temporary.name + ".away")
    place.temporary.rename(away)
    try:
        yield
    finally:
        away.rename(place.temporary)


class _Past(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        """A year ago."""
        return datetime.datetime.now(tz) - datetime.timedelta(days=365)


@contextlib.contextmanager
def step_clock(place: Place) -> Iterator[None]:
    """The wall clock of the grader is set back by a year."""
    now = time.time
    time.time, talk.datetime = (lambda: now() - 365 * 86_400), _Past  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        time.time, talk.datetime = now, datetime.datetime  # type: ignore[misc]


@contextlib.contextmanager
def short_memory(place: Place) -> Iterator[None]:
    """The grader gets no more memory than it has: nothing can be read, no thread started, no frame taken in."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (held * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (
        kill_kernel, kill_supervisor, kill_judge, kill_first_judge, kill_zygote, kill_grader, lock_gradebook,
        lose_gradebook, full_disks, full_course, read_only_course, lose_scratch, step_clock, short_memory,
    )
}  # fmt: skip
# These need a disk that we mount.
AS_ROOT = {"full_course", "read_only_course"}
