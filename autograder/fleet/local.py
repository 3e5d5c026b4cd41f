"""Grade a batch on this machine: threads around one zygote, each submission in a sandbox of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from autograder.model import Grade, Submission
from autograder.pipeline import Course, grade_submission


def default_jobs() -> int:
    """One submission per processor that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def grade_many(
    course: Course,
    submissions: Sequence[Submission],
    jobs: int = 0,
    seed: int | None = None,
    started: Callable[[Submission], None] | None = None,
) -> Iterator[Grade]:
    """Yield a Grade for every submission as it is finished. `jobs` 0 means one per processor.

    `started(submission)` is called, from a worker thread, when its grading begins."""

    def work(submission: Submission) -> Grade:
        if started is not None:
            started(submission)
        return grade_submission(course, submission, seed)

    with ThreadPoolExecutor(jobs or default_jobs(), thread_name_prefix="grade") as pool:
        waiting: set[Future[Grade]] = {pool.submit(work, submission) for submission in submissions}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()
