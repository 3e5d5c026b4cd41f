"""Where in a run something can go wrong: the N-th call of a function of the grader's, before or after it."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from autograder import batch, judges, saving
from autograder.gradebook import CourseGradebook
from autograder.sandbox.client import Zygote
from autograder.sandbox.execute import KernelRun
from autograder.sandbox.session import Session

Act = Callable[[str, int], None]
# Name -> owner, attribute, whether it is before the call. In the order in which one submission meets them.
POINTS: dict[str, tuple[Any, str, bool]] = {
    "begins": (saving.Keeper, "begin", True),
    "launches": (Zygote, "launch", True),
    "launched": (Zygote, "launch", False),
    "connected": (KernelRun, "start", False),
    "runs a cell": (KernelRun, "_run_cell", True),
    "has run": (KernelRun, "hand_over", False),
    "asks a judge": (judges.Judges, "_ask", True),
    "hears a judge": (judges._Talk, "_take", True),
    "is judged": (judges.Judges, "judge", False),
    "lets go": (Session, "close", True),
    "is saved": (saving.Keeper, "record", True),
    "has scores": (CourseGradebook, "record", False),
    "is kept": (saving, "write_kept", False),
    "has a notebook": (saving, "write_autograded", False),
    "all are saved": (saving.Keeper, "finish", True),
    "has a page": (batch, "write_feedback", False),
    "has a class report": (batch, "write_class_report", False),
}


def watch(act: Act) -> None:
    """Call `act(point, n)` at the n-th passing of each point of this process, from whatever thread."""
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def passed(name: str) -> None:
        with lock:
            counts[name] += 1
            number = counts[name]
        act(name, number)

    for name, (owner, attribute, before) in POINTS.items():
        setattr(owner, attribute, _wrapped(getattr(owner, attribute), name, before, passed))


def _wrapped(work: Callable[..., Any], name: str, before: bool, passed: Callable[[str], None]) -> Callable[..., Any]:
    @functools.wraps(work)
    def wrapper(*args: Any, **more: Any) -> Any:
        if before:
            passed(name)
            return work(*args, **more)
        done = work(*args, **more)
        passed(name)
        return done

    return wrapper
