"""Where the time of a submission goes: seconds by stage, of the clock and of the processors. For `grade --profile`.

Whoever does some work says which stage it is; it is measured only in a thread that somebody follows. A submission is
graded by one thread, so nothing is handed through all that it passes.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from autograder.model import Grade, Submission

STAGES = ("read", "sandbox", "kernel", "cells", "hand over", "judge", "close", "record")
_here = threading.local()


@dataclass
class Seconds:
    """`wall` of the clock; CPU of the grader's own thread, of the submission's processes with whoever watches them, and
    of the judge."""

    wall: float = 0.0
    grader: float = 0.0
    student: float = 0.0
    judge: float = 0.0

    @property
    def cpu(self) -> float:
        """All processors together."""
        return self.grader + self.student + self.judge


@dataclass
class Spent:
    """What one submission took, by stage."""

    stages: dict[str, Seconds] = field(default_factory=lambda: {name: Seconds() for name in STAGES})

    @property
    def whole(self) -> Seconds:
        """All stages together."""
        every = self.stages.values()
        return Seconds(*(sum(getattr(one, name) for one in every) for name in ("wall", "grader", "student", "judge")))


@dataclass
class Profile:
    """What every submission of a run took. `warm_wall`, `warm_cpu`: seconds until the warm process was there, once for
    the run."""

    spent: dict[tuple[str, str], Spent] = field(default_factory=dict)
    warm_wall: float = 0.0
    warm_cpu: float = 0.0

    def of(self, one: Submission | Grade) -> Spent:
        """Where the time of a submission is counted. Safe to call from several threads."""
        return self.spent.setdefault((one.assignment, one.student), Spent())

    def warm(self, wall: float, cpu: float) -> None:
        """The warm process is there."""
        self.warm_wall, self.warm_cpu = wall, cpu

    def mean(self) -> Spent:
        """Of all submissions, by stage. Raises ZeroDivisionError where there are none."""
        count = len(self.spent)
        found = Spent()
        for name, seconds in found.stages.items():
            for kind in ("wall", "grader", "student", "judge"):
                setattr(seconds, kind, sum(getattr(one.stages[name], kind) for one in self.spent.values()) / count)
        return found


def follow(spent: Spent | None) -> None:
    """What this thread does from now on is added to `spent`; None: to nobody's."""
    _here.spent = spent


@contextlib.contextmanager
def stage(name: str, used: Callable[[], float] | None = None, fresh: bool = False) -> Iterator[None]:
    """The work inside is the stage `name`. `used()`: CPU seconds of the submission's processes so far; it is asked only
    where somebody follows, and what it cannot tell counts as nothing. `fresh`: they have only just begun."""
    spent: Spent | None = getattr(_here, "spent", None)
    if spent is None:
        yield
        return
    outer: Seconds | None = getattr(_here, "inside", None)
    _here.inside = inside = Seconds()  # what stages in this one take, a second run of the notebook say, is theirs
    theirs, wall, own = _asked(None if fresh else used), time.monotonic(), time.thread_time()
    try:
        yield
    finally:
        whole = Seconds(time.monotonic() - wall, time.thread_time() - own, max(0.0, _asked(used) - theirs))
        seconds = spent.stages[name]
        for kind in ("wall", "grader", "student"):
            took = getattr(whole, kind)
            setattr(seconds, kind, getattr(seconds, kind) + max(0.0, took - getattr(inside, kind)))
            if outer is not None:
                setattr(outer, kind, getattr(outer, kind) + took)
        _here.inside = outer


def judged(cpu_seconds: float) -> None:
    """A judge took so many CPU seconds."""
    spent: Spent | None = getattr(_here, "spent", None)
    if spent is not None:
        spent.stages["judge"].judge += cpu_seconds


def _asked(used: Callable[[], float] | None) -> float:
    try:
        return used() if used is not None else 0.0
    except Exception:  # it has ended, or does not say
        return 0.0
