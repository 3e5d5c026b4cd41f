"""What a run is asked to do, what it finds to do it with, and where that is kept."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import find_assignments
from autograder.collect import find_submissions, one_each
from autograder.collect.find import fits_layout
from autograder.collect.read import read_regular
from autograder.course import Course, Spec, wanted_devices
from autograder.deadlines import deadline
from autograder.device import choose, mismatches
from autograder.errors import AssignmentError, CollectError
from autograder.gradebook.autograded import AUTOGRADED, NAME_LIMIT
from autograder.gradebook.kept import KEPT
from autograder.gradebook.signed import VARIABLE, key_of
from autograder.model import Submission
from autograder.notebooks import read_notebook
from autograder.resume import Stand, stand
from autograder.sandbox.backends import choose_backend
from autograder.writing import check_folder, check_writable

if TYPE_CHECKING:  # nbgrader takes a second to import: done where it is used, while the warm process begins
    from autograder.gradebook import CourseGradebook


@dataclass(frozen=True)
class Plan:
    """What one run is asked to do. `gradebook` None means: for folders, not for lone notebooks.
    `home` is where gradebook and autograded/ live; the course folder when None. `database`: its address, that of the
    environment or in `home` when None. `retrain`, `figures`: see Spec. `again`: run what is graded already, too.
    `fleet`: who grades (see fleet/choose.py)."""

    course: Path
    paths: tuple[Path, ...]
    assignment: str | None = None
    jobs: int = 0
    device: str = "auto"
    sandbox: str = "auto"
    seed: int | None = None
    report: Path | None = None
    gradebook: bool | None = None
    home: Path | None = None
    retrain: bool = False
    figures: bool = True
    json: Path | None = None
    database: str | None = None
    again: bool = False
    fleet: str = "local"

    @property
    def place(self) -> Path:
        """Where results are kept."""
        return (self.home or self.course).resolve()

    @property
    def saves(self) -> bool:
        """Whether they are."""
        return self.gradebook if self.gradebook is not None else any(path.is_dir() for path in self.paths)


@dataclass(frozen=True)
class Opened:
    """A course that is open, the submissions that a plan names, and a line for each that is graded on another device
    than its assignment is for."""

    course: Course
    submissions: tuple[Submission, ...]
    mismatches: tuple[str, ...]

    @property
    def assignments(self) -> list[str]:
        """The ids of those that there is work for."""
        return sorted({one.assignment for one in self.submissions} & set(self.course.ids()))


@contextlib.contextmanager
def opened(plan: Plan, alone: bool) -> Iterator[Opened]:
    """What `plan` names, with its course. Raises CollectError when there is nothing, AssignmentError,
    SandboxUnavailable, and Seq2gradeError when results cannot be written where they shall.

    alone: of two submissions under one name one counts; else they would overwrite each other, and chance would say
    which one stays."""
    check_places(plan)
    choose_backend(plan.sandbox)
    submissions = find(plan)
    assignments = {submission.assignment for submission in submissions}
    wanted = wanted_devices(plan.course, assignments)
    device = choose(plan.device, wanted)
    spec = Spec(plan.course, plan.sandbox, device, retrain=plan.retrain, figures=plan.figures)
    with Course.open(spec, assignments, len(submissions)) as course:
        yield Opened(course, one_each(submissions) if alone else submissions, tuple(mismatches(device, wanted)))


def stands_in(found: Opened, plan: Plan) -> tuple[Stand, ...]:
    """Where each submission stands; nothing is run. Raises AssignmentError where an assignment is not built."""
    return tuple(
        stand(found.course, found.course.prepare(one.assignment), one, plan.place, plan.seed)
        for one in found.submissions
        if one.assignment in found.assignments and fits_in(one.student)
    )


def stands(plan: Plan) -> tuple[Stand, ...]:
    """The same of a course that is opened for it. Raises as `opened` does."""
    with opened(plan, alone=True) as found:
        return stands_in(found, plan)


@contextlib.contextmanager
def gradebook(plan: Plan, found: Opened) -> Iterator[CourseGradebook]:
    """Where `plan` keeps scores, with the assignments of what was found. Raises GradebookError, AssignmentError."""
    from autograder.gradebook import CourseGradebook, database_url
    from autograder.gradebook.late import LatePolicy, course_config

    policy = LatePolicy(course_config(found.course.root))
    with CourseGradebook(database_url(plan.place, plan.database), policy=policy) as book:
        for name in found.assignments:
            due = deadline(found.course.root, name, found.course.prepare(name).assignment.due)
            book.register(name, _source(found.course, name), deadline=due)
        yield book


def check_places(plan: Plan) -> None:
    """Raises Seq2gradeError when results cannot be written where they shall."""
    if plan.json is not None and str(plan.json) != "-":
        check_writable(plan.json, "the results")
    if plan.report is not None:
        check_folder(plan.report, "the report")


def secrets_of(plan: Plan, submissions: Sequence[Submission]) -> list[str]:
    """What this run brings along that no student may read: the others' work, old and new results, the gradebook, the
    key that signs grades. Raises GradebookError where that is named and cannot be used."""
    home = plan.place
    found = [str(path) for path in (plan.report, plan.json) if path is not None and path.is_file() | path.is_dir()]
    if plan.saves:
        from autograder.gradebook import database_url

        found += [str(home / AUTOGRADED), str(home / KEPT), str(home / "gradebook.db")]
        scheme, _, place = database_url(home, plan.database).partition(":///")
        found += [place] if scheme == "sqlite" and place else []
    if plan.saves and (key := os.environ.get(VARIABLE)):
        key_of(home / KEPT)  # it has to be there to be hidden, and one that is broken is told before anything runs
        found.append(key)
    if len(submissions) > 1:
        found += [str(s.path.parent.parent if fits_layout(s) else s.path) for s in submissions]
    return list(dict.fromkeys(found))


def fits_in(student: str) -> bool:
    """Whether gradebook and folders can hold this name (a student may choose it: it is that of a file)."""
    return 0 < len(student) <= NAME_LIMIT and student not in (".", "..")


def find(plan: Plan) -> tuple[Submission, ...]:
    """The submissions that `plan` names. Raises AssignmentError without a course, CollectError when there are none."""
    known = tuple(folder.name for folder in find_assignments(plan.course))
    if not known:
        raise AssignmentError(plan.course / "assignments", "course", "expected assignments; is this the course folder?")
    found: dict[Path, Submission] = {}
    for path in plan.paths:
        for submission in find_submissions(path, plan.assignment, known):
            found.setdefault(submission.path, submission)
    if not found:
        where = ", ".join(map(str, plan.paths))
        raise CollectError(f"no submissions in {where}: expected notebooks, or <student>/<assignment>/ folders")
    return tuple(found.values())


def _source(course: Course, name: str) -> dict[str, Any]:
    path = course.root / "source" / name / f"{name}.ipynb"
    try:
        return read_notebook(path)
    except (OSError, ValueError) as error:
        raise AssignmentError(path, "source", f"expected a built notebook: run `seq2grade build {name}`") from error


def handed_in(submission: Submission) -> datetime.datetime | None:
    """When it was handed in (UTC, without zone), from nbgrader's timestamp.txt beside it; None when that is
    missing or says nothing."""
    from nbgrader.utils import parse_utc

    try:
        text = read_regular(submission.path.parent / "timestamp.txt", 1000).decode()
        return parse_utc(text.strip()) if text.strip() else None
    except (CollectError, OSError, ValueError):
        return None
