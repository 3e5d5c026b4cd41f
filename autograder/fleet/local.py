"""Grade a batch on this machine: threads around one zygote, each submission in a sandbox of its own."""

from __future__ import annotations

import collections
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from autograder.course import Course
from autograder.fleet.stop import Stop
from autograder.model import Grade, Submission
from autograder.pipeline import Onlooker, grade_submission, lost

_ENDING = 10.0  # seconds for what runs to end, once its sandboxes have been ended
Started = Callable[[Submission], None]


def default_jobs() -> int:
    """One submission per processor that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def grade_many(
    course: Course,
    submissions: Sequence[Submission],
    jobs: int = 0,
    seed: int | None = None,
    started: Started | None = None,
    stop: Stop | None = None,
    onlooker: Callable[[Submission], Onlooker] | None = None,
    earlier: Mapping[Path, Grade] = MappingProxyType({}),
) -> Iterator[Grade]:
    """Yield a Grade for every submission as it is finished. `jobs` 0 means one per processor; on GPUs there are never
    more at work than there are GPUs, or slices of them.

    `started(submission)` is called, from a worker thread, when its grading begins; `onlooker(submission)` gives who
    follows it; `earlier` holds, by path, grades of the same work by other checks (see grade_submission). Nothing that
    happens to one submission ends the batch. After a request to `stop` nothing new begins, what runs is ended, and no
    further grade is given: one that was cut short is no result."""
    waiting = collections.deque(submissions)
    inbox: queue.SimpleQueue[Grade | None] = queue.SimpleQueue()
    stop = stop or Stop()
    stop.listen(lambda: inbox.put(None))  # heard in the middle of a wait, too

    def work() -> None:
        while waiting:
            try:
                submission = waiting.popleft()
            except IndexError:  # another was quicker
                return
            inbox.put(_graded(course, submission, seed, started, onlooker, earlier.get(submission.path)))

    if stop.signal:
        return
    gpus = course.zygote.slices
    places = len(gpus.slices) if gpus is not None else len(submissions)
    workers = _start(work, min(jobs or default_jobs(), len(submissions), places))
    try:
        for _ in submissions:
            if not workers and waiting and not stop.signal:
                first = waiting.popleft()
                inbox.put(_graded(course, first, seed, started, onlooker, earlier.get(first.path)))
            grade = inbox.get()
            if grade is None:
                return
            yield grade
    finally:
        waiting.clear()
        if stop.signal:
            course.zygote.abandon()
        deadline = time.monotonic() + _ENDING
        for worker in workers:
            worker.join(max(0.0, deadline - time.monotonic()) if stop.signal else None)


def _start(work: Callable[[], None], count: int) -> list[threading.Thread]:
    """So many threads, or as many as the machine has room for."""
    workers: list[threading.Thread] = []
    for number in range(count):
        worker = threading.Thread(target=work, name=f"grade-{number}", daemon=True)
        try:
            worker.start()
        except RuntimeError:  # no room for another thread
            break
        workers.append(worker)
    return workers


def _graded(
    course: Course, submission: Submission, seed: int | None, started: Started | None,
    onlooker: Callable[[Submission], Onlooker] | None, earlier: Grade | None,
) -> Grade:  # fmt: skip
    """A grade, whatever happens: what escapes from a submission (a SystemExit of a check, say) costs this one only."""
    try:
        if started is not None:
            started(submission)
        follows = onlooker(submission) if onlooker is not None else None
        return grade_submission(course, submission, seed, follows, earlier)
    except BaseException as error:
        return lost(course, submission, f"failed: {error!r}", seed or 0)
