"""One submission from file to grade. Reads top to bottom: collect, run, judge, score.

collected = collect(submission, release)            what was handed in, repaired
session = run_notebook(zygote, collected, limits)   the student's code, in a sandbox
judged = judges.judge(request, ..., channels)       hidden checks, outside it, in a process of their own
items = prepared.scored(results, untouched)         verdicts x points
"""

from __future__ import annotations

import contextlib
import math
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from autograder import stages
from autograder.collect import collect
from autograder.collect.given import with_given
from autograder.collect.textonly import textonly
from autograder.course import Course, Prepared
from autograder.errors import CollectError, NotRunAgain, SandboxError, Seq2gradeError
from autograder.judges import Judged
from autograder.model import CellRun, CheckResult, Collected, Execution, Grade, ItemGrade, Kind, Submission
from autograder.notebooks import grade_id_of
from autograder.ran import rows_of
from autograder.request import Request
from autograder.sandbox.session import Session, run_notebook
from autograder.stages import stage

_EDITIONS = 3  # how often a submission is graded anew because its assignment has changed meanwhile
_RERUNS = 2  # how often a notebook whose process died during judging is run again, however long it takes
_MOST_RERUNS = 50  # and how often while all its runs together stay within the time that one of them may take


def grade_submission(
    course: Course, submission: Submission, seed: int | None = None, onlooker: Onlooker | None = None,
    earlier: Grade | None = None, collected: Collected | None = None,
) -> Grade:  # fmt: skip
    """Grade one submission. Always returns a Grade: a notebook that cannot be read is flagged with an error,
    a failure of ours leaves its points undecided and flagged, never lost. All of it is graded by one edition of the
    assignment: when that is built anew meanwhile, what was found is thrown away. With an `earlier` grade of the same
    work its seed is used again, and items that are decided by what they were decided by then are not judged anew.
    `collected` is what another machine made of the submission (see `received`); its files are then not looked for."""
    begin = time.monotonic()
    seed = earlier.seed if earlier is not None else secrets.randbits(31) if seed is None else seed
    for _ in range(_EDITIONS):
        try:
            prepared = course.prepare(submission.assignment)
        except Seq2gradeError as error:
            if course.known(submission.assignment) is not None:  # its files broke while others are graded
                return lost(course, submission, f"failed: {error}", seed)
            return _unprepared(submission, error, seed)
        grade = _graded(course, prepared, submission, seed, onlooker, earlier, collected)
        with contextlib.suppress(Seq2gradeError):
            if course.prepare(submission.assignment) is prepared:
                return replace(grade, seconds=time.monotonic() - begin)
    return lost(course, submission, "failed: the assignment changed again and again", seed)


def received(course: Course, submission: Submission, seed: int) -> Collected | Grade:
    """What was handed in, ready to be run anywhere; or the grade of a submission of which nothing can be run. Raises
    nothing: see grade_submission."""
    try:
        prepared = course.prepare(submission.assignment)
    except Seq2gradeError as error:
        return _unprepared(submission, error, seed)
    try:
        return collect(submission, prepared.release)
    except CollectError as error:
        return _unread(prepared, submission, error, seed)
    except Exception as error:
        return lost(course, submission, f"failed: {error!r}", seed)


class Onlooker:
    """Follows how one submission is graded; this one lets everything pass."""

    def ran(self, execution: Execution) -> str:
        """The notebook has run. Returns "", or why it shall not be judged."""
        return ""

    def judged(self, results: tuple[CheckResult, ...], again: Callable[[int], tuple[CheckResult, ...]]) -> None:
        """These are the verdicts. The notebook still lives: `again(seed)` judges it once more. Must not raise."""


def _graded(
    course: Course, prepared: Prepared, submission: Submission, seed: int, onlooker: Onlooker | None,
    earlier: Grade | None, given: Collected | None,
) -> Grade:  # fmt: skip
    collected, failure = None, ""
    for _ in range(2):  # a failure of ours, whatever it is, is tried once more, then left undecided
        try:
            with stage("read"):
                collected = given or collect(submission, prepared.release)
            return _grade_collected(course, prepared, collected, seed, onlooker or Onlooker(), earlier)
        except CollectError as error:
            return _unread(prepared, submission, error, seed)
        except Exception as error:
            failure = f"failed: {error!r}"
    unread = lost(course, submission, failure, seed)
    return unread if collected is None else replace(unread, digest=collected.digest, repaired=collected.repaired)


def lost(course: Course, submission: Submission, failure: str, seed: int) -> Grade:
    """The grade of a submission that we failed to grade: no point is decided, none is lost, and it is flagged."""
    words = "This submission could not be graded through no fault of its own; it has to be graded again."
    try:
        prepared = course.known(submission.assignment) or course.prepare(submission.assignment)
        nothing = prepared.scored(())
    except Exception:
        nothing = ()
    return replace(_without_run(submission, nothing, words, seed), sandbox=failure)


def _grade_collected(
    course: Course, prepared: Prepared, collected: Collected, seed: int, onlooker: Onlooker, earlier: Grade | None
) -> Grade:
    same = earlier is not None and earlier.digest == collected.digest and earlier.settings == course.settings
    stands = prepared.still(earlier) if earlier is not None and same else {}
    if course.zygote.retrain:
        collected = textonly(collected, prepared.release)
    collected = with_given(collected, prepared.given)
    untouched = prepared.untouched(collected.notebook, collected.files)
    course.judges.ahead(prepared.edition)
    with _Notebook(course, prepared, collected) as notebook:
        refused = onlooker.ran(notebook.session.execution)
        with stage("judge", lambda: notebook.session.cpu_with_watch()):
            judged = Judged(()) if refused else _judged(course, prepared, notebook, untouched, seed, stands)
        stages.judged(judged.cpu_seconds)
        if not refused:
            onlooker.judged(judged.results, lambda s: _judged(course, prepared, notebook, untouched, s).results)
        execution, doubtful = notebook.session.execution, notebook.doubtful
    items = prepared.scored(judged.results, untouched)
    grade = Grade(
        student=collected.submission.student,
        assignment=collected.submission.assignment,
        digest=collected.digest,
        repaired=collected.repaired,
        error=execution.ended or refused,
        seed=seed,
        sandbox=course.zygote.backend.name,
        device=course.zygote.device,
        time_factor=prepared.time_factor,
        cpu_seconds=notebook.cpu_seconds + judged.cpu_seconds,
        cells=notebook.cells(),
        notebook=execution.notebook,
        unanswered=frozenset(item.answer for item in prepared.assignment.items if item.id in untouched),
        edition=prepared.digest,
        settings=course.settings,
    ).with_items(items)
    return replace(grade, flagged=bool(grade.pending) or collected.doubtful or doubtful or any(map(_is_odd, items)))


def _is_odd(item: ItemGrade) -> bool:
    """Whether an answer broke a check. A stub that nobody touched is nothing to look at."""
    return item.status != "not_started" and any(check.odd for check in item.checks)


def _judged(
    course: Course, prepared: Prepared, notebook: _Notebook, untouched: frozenset[str], seed: int,
    stands: Mapping[str, tuple[CheckResult, ...]] = MappingProxyType({}),
) -> Judged:  # fmt: skip
    """`stands`: verdicts, by item, that are taken over as they are."""
    over = tuple(result for results in stands.values() for result in results)
    items = tuple(dict.fromkeys(check.item for check in prepared.checks if check.item not in stands))
    if not items:
        return Judged(over)
    used = notebook.session.cpu_so_far() if course.zygote.retrain else 0.0
    limits = prepared.assignment.limits
    request = Request(
        edition=prepared.edition,
        seed=seed,
        seconds=limits.check_seconds,
        all_seconds=limits.judge_seconds,
        untouched=tuple(sorted(untouched)),
        items=items if stands else (),
        facts=rows_of(notebook.session.execution, notebook.collected.files),
        student="" if notebook.collected.submission.ours else notebook.collected.submission.student,
        forks=course.zygote.forks,
    )
    judged = course.judges.judge(request, prepared.assignment, prepared.checks, notebook.channel)
    results = judged.results
    if any("OutOfMemoryError" in result.detail for result in results) and (why := notebook.session.crowded()):
        raise SandboxError(f"a check found no room on the GPU: {why}")
    if course.zygote.retrain:
        from autograder.judge.trained_here import rested  # it times this machine with torch

        results = rested(prepared.checks, results, used, course.zygote.device)
    return replace(judged, results=(*over, *results))


class _Notebook:
    """A submission's session for the length of its judging; run again if its process dies in between."""

    def __init__(self, course: Course, prepared: Prepared, collected: Collected) -> None:
        self.course, self.prepared, self.collected = course, prepared, collected
        self.cpu_seconds = 0.0
        self.runs, self.seconds = 0, 0.0
        self.doubtful = False
        self.undrawn = frozenset[int]() if course.figures else prepared.figures(collected.notebook)
        self.session = self._run()

    def _run(self) -> Session:
        limits = self.prepared.assignment.limits
        session = run_notebook(self.course.zygote, self.collected, limits, undrawn=self.undrawn)
        self.runs += 1
        self.seconds += session.execution.seconds
        self.doubtful |= session.execution.doubtful
        return session

    def cells(self) -> tuple[CellRun, ...]:
        """What became of each cell. Of pictures that were not to be drawn nothing is told: nobody has to look why."""
        undrawn = {grade_id_of(self.collected.notebook["cells"][place]) for place in self.undrawn}
        return tuple(cell for cell in self.session.execution.cells if cell.cell not in undrawn)

    def _may_run_again(self) -> bool:
        """A quick notebook may, for each check that ends it: none shall cost the checks after it."""
        quick = self.seconds < self.prepared.assignment.limits.total_seconds and self.runs <= _MOST_RERUNS
        return self.session.lived and (self.runs <= _RERUNS or quick)

    def __enter__(self) -> _Notebook:
        return self

    def __exit__(self, *_: object) -> None:
        with stage("close"):
            self.cpu_seconds += self.session.close()

    @contextlib.contextmanager
    def channel(self, inline: bool = False) -> Iterator[tuple[socket.socket, int]]:
        """To a fresh fork of the finished notebook, and the process above it. Raises ChannelClosed when it has no
        process (any more), and NotRunAgain when that is the doing of some check: without forks one serves them all."""
        if not self.session.alive and self._may_run_again():
            self.cpu_seconds += self.session.close()
            self.session = self._run()
        if self.session.lived and not self.session.alive and not self.course.zygote.forks:
            raise NotRunAgain(f"its process ended while checks were served, in each of {self.runs} runs")
        seconds = self.prepared.assignment.limits.check_seconds
        most = len(self.prepared.checks) + 1  # for one fork to serve; a late one takes twice as long
        ended = math.inf
        try:
            with self.session.channel(most * seconds, inline) as channel:
                yield channel, self.session.supervisor
                ended = time.monotonic()
        finally:  # one that does not let go of a fork costs time as well
            self.seconds += max(0.0, time.monotonic() - ended)


def _unread(prepared: Prepared, submission: Submission, error: CollectError, seed: int) -> Grade:
    """No readable notebook: no points but those that a person may give."""
    nothing = prepared.scored(())
    zero = tuple(i if i.kind is Kind.MANUAL else replace(i, status="failed", pending=0.0) for i in nothing)
    return _without_run(submission, zero, str(error), seed)


def _unprepared(submission: Submission, error: Seq2gradeError, seed: int) -> Grade:
    """There is no such assignment, or it cannot be loaded."""
    return _without_run(submission, (), submission.problem or str(error), seed)


def _without_run(submission: Submission, items: Sequence[ItemGrade], error: str, seed: int) -> Grade:
    """A grade for a submission that never ran: flagged, so that a person looks."""
    grade = Grade(submission.student, submission.assignment, "", error=error, flagged=True, seed=seed, device="")
    return grade.with_items(items)
