"""One submission from file to grade. Reads top to bottom: collect, run, judge, score.

    collected = collect(submission, release)            what was handed in, repaired
    session = run_notebook(zygote, collected, limits)   the student's code, in a sandbox
    results = evaluate(trusted, session ports, seed)    hidden checks, outside it
    items = score_items(assignment, results, points)    verdicts x points
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.assignment import Assignment, find_assignments, load_assignment
from autograder.collect import collect
from autograder.collect.files import TRAINED
from autograder.errors import AssignmentError, CollectError, Seq2gradeError
from autograder.judge.evaluate import CheckPort, evaluate
from autograder.judge.ports import References, SocketPort
from autograder.judge.trusted import Trusted
from autograder.model import Collected, Grade, Kind, Limits, Submission
from autograder.notebooks import read_notebook, sources
from autograder.sandbox.client import Zygote
from autograder.sandbox.session import Session, run_notebook
from autograder.score import score_items

_RERUNS = 2  # how often a notebook whose process died during judging is run again


@dataclass(frozen=True)
class Prepared:
    """An assignment with everything that grading it needs. `release` is the notebook students received."""

    assignment: Assignment
    trusted: Trusted
    release: dict[str, Any]

    @property
    def points(self) -> dict[str, dict[str, float]]:
        """Item id -> check name -> points."""
        table: dict[str, dict[str, float]] = {}
        for check in self.trusted.checks:
            table.setdefault(check.item, {})[check.name] = check.points
        return table

    def untouched(self, notebook: dict[str, Any]) -> frozenset[str]:
        """The items whose answer cell in `notebook` is as it was released."""
        before, after = sources(self.release), sources(notebook)
        items = ((item.id, item.answer) for item in self.assignment.items)
        return frozenset(id for id, cell in items if cell in before and before[cell] == after.get(cell))


@dataclass
class Course:
    """A course folder opened for grading: a warm zygote, and assignments loaded when first met."""

    root: Path
    zygote: Zygote
    limits: Limits | None = None
    _prepared: dict[str, Prepared] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @staticmethod
    def open(
        root: Path, sandbox: str = "auto", device: str = "cpu", limits: Limits | None = None, retrain: bool = False
    ) -> Course:
        """Open the course in `root`. `limits` overrides those of the assignments; `retrain` makes notebooks train
        their models anew instead of loading those that were handed in.

        Raises SandboxUnavailable when the sandbox cannot be used here."""
        secret = (str(root.resolve()),)
        return Course(root.resolve(), Zygote(sandbox, device, secret, retrain), limits)

    def __enter__(self) -> Course:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process."""
        self.zygote.close()

    def ids(self) -> tuple[str, ...]:
        """The assignments of this course."""
        return tuple(folder.name for folder in find_assignments(self.root))

    def prepare(self, assignment: str) -> Prepared:
        """Load an assignment once. Raises AssignmentError when it or its release is missing or broken."""
        with self._lock:
            if assignment not in self._prepared:
                self._prepared[assignment] = self._load(assignment)
            return self._prepared[assignment]

    def adopt(self, prepared: Prepared) -> None:
        """Grade with this from now on (a build tries a release before it is written)."""
        with self._lock:
            self._prepared[prepared.assignment.id] = prepared

    def _load(self, assignment: str) -> Prepared:
        if assignment not in self.ids():
            raise AssignmentError(self.root / "assignments", assignment, f"expected one of {', '.join(self.ids())}")
        loaded = load_assignment(self.root / "assignments" / assignment)
        if self.limits is not None:
            loaded = replace(loaded, limits=self.limits)
        if self.zygote.retrain:
            longer = loaded.limits.retrain_seconds
            loaded = replace(loaded, limits=replace(loaded.limits, cell_seconds=longer, total_seconds=longer))
        path = self.root / "release" / assignment / f"{assignment}.ipynb"
        if not path.is_file():
            raise AssignmentError(path, "release", f"expected a built notebook: run `seq2grade build {assignment}`")
        try:
            release = read_notebook(path)
        except (OSError, ValueError) as error:
            raise AssignmentError(path, "release", f"expected a built notebook: {error}") from error
        return Prepared(loaded, Trusted.load(loaded), release)


def grade_submission(course: Course, submission: Submission, seed: int | None = None) -> Grade:
    """Grade one submission. Always returns a Grade: a notebook that cannot be read is flagged with an error,
    a failure of ours leaves its points undecided and flagged, never lost."""
    begin = time.monotonic()
    seed = secrets.randbits(31) if seed is None else seed
    try:
        prepared = course.prepare(submission.assignment)
    except Seq2gradeError as error:
        return _without_run(submission, (), str(error), seed)
    nothing = score_items(prepared.assignment, (), prepared.points)
    collected, failure = None, ""
    for _ in range(2):  # a failure of ours, whatever it is, is tried once more, then left undecided
        try:
            collected = collect(submission, prepared.release)
            return replace(_grade_collected(course, prepared, collected, seed), seconds=time.monotonic() - begin)
        except CollectError as error:
            zero = tuple(i if i.kind is Kind.MANUAL else replace(i, status="failed", pending=0.0) for i in nothing)
            return _without_run(submission, zero, str(error), seed)
        except Exception as error:
            failure = f"failed: {error!r}"
    words = "This submission could not be graded through no fault of its own; it has to be graded again."
    lost = replace(_without_run(submission, nothing, words, seed), sandbox=failure)
    return lost if collected is None else replace(lost, digest=collected.digest, repaired=collected.repaired)


def _grade_collected(course: Course, prepared: Prepared, collected: Collected, seed: int) -> Grade:
    if course.zygote.retrain:
        kept = {name: data for name, data in collected.files.items() if not name.startswith(TRAINED)}
        collected = replace(collected, files=kept)
    with _Notebook(course, prepared, collected) as notebook:
        results = evaluate(prepared.trusted, notebook.open_port, seed, untouched=prepared.untouched(collected.notebook))
        execution = notebook.session.execution
    items = score_items(prepared.assignment, results, prepared.points)
    automatic = [item for item in items if item.kind is not Kind.MANUAL]
    undecided = sum(item.pending for item in automatic)
    return Grade(
        student=collected.submission.student,
        assignment=collected.submission.assignment,
        digest=collected.digest,
        score=sum(item.score for item in automatic),
        max_score=sum(item.max_score for item in automatic),
        items=items,
        manual_max=sum(item.max_score for item in items if item.kind is Kind.MANUAL),
        pending=undecided,
        repaired=collected.repaired,
        error=execution.ended,
        flagged=bool(undecided),
        seed=seed,
        sandbox=course.zygote.backend.name,
        cpu_seconds=notebook.cpu_seconds,
        cells=execution.cells,
        notebook=execution.notebook,
    )


class _Notebook:
    """A submission's session for the length of its judging; run again if its process dies in between."""

    def __init__(self, course: Course, prepared: Prepared, collected: Collected) -> None:
        self.course, self.prepared, self.collected = course, prepared, collected
        self.cpu_seconds = 0.0
        self.reruns = 0
        self.session = self._run()

    def _run(self) -> Session:
        return run_notebook(self.course.zygote, self.collected, self.prepared.assignment.limits)

    def __enter__(self) -> _Notebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_seconds += self.session.close()

    @contextlib.contextmanager
    def open_port(self, references: References) -> Iterator[CheckPort]:
        """A fresh fork of the finished notebook. Raises ChannelClosed when it has no process (any more)."""
        if not self.session.alive and self.session.execution.notebook and self.reruns < _RERUNS and self._ran():
            self.reruns += 1
            self.cpu_seconds += self.session.close()
            self.session = self._run()
        seconds = self.prepared.assignment.limits.check_seconds
        most = len(self.prepared.trusted.checks) + 1  # for one fork to serve; a late one takes twice as long
        with self.session.channel(most * seconds) as channel:
            yield SocketPort(channel, seconds, references)

    def _ran(self) -> bool:
        """Whether the notebook had come to its end alive (then its process was lost to a check)."""
        return all(cell.status != "died" for cell in self.session.execution.cells)


def _without_run(submission: Submission, items: Any, error: str, seed: int) -> Grade:
    """A grade for a submission that never ran: flagged, so that a person looks."""
    automatic = [item for item in items if item.kind is not Kind.MANUAL]
    return Grade(
        student=submission.student,
        assignment=submission.assignment,
        digest="",
        score=0.0,
        max_score=sum(item.max_score for item in automatic),
        items=tuple(items),
        manual_max=sum(item.max_score for item in items if item.kind is Kind.MANUAL),
        pending=sum(item.pending for item in automatic),
        error=error,
        flagged=True,
        seed=seed,
    )


