"""One run of `seq2grade grade`: find, grade, save, report. Side effects live here and in the gradebook."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from nbgrader.utils import parse_utc
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.audit.show import solution_of
from autograder.classroom import class_of, write_class
from autograder.collect import find_submissions
from autograder.collect.read import read_regular
from autograder.errors import AssignmentError, CollectError, Seq2gradeError
from autograder.fleet.local import grade_many
from autograder.gradebook import CourseGradebook, database_url, write_autograded
from autograder.gradebook.book import NAME_LIMIT
from autograder.model import Grade, Submission
from autograder.notebooks import read_notebook
from autograder.pipeline import Course
from autograder.report.classreport import write_class_report
from autograder.report.feedback import write_feedback


@dataclass(frozen=True)
class Plan:
    """What one run is asked to do. `gradebook` None means: for folders, not for lone notebooks.
    `home` is where gradebook and autograded/ live; the course folder when None. `retrain`: see Course.open."""

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


@dataclass(frozen=True)
class Done:
    """What came of it: grades in a stable order, lines to print below the table, and what a person must see to."""

    grades: tuple[Grade, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...] = ()


class Listener:
    """Hears of progress; this one is deaf."""

    def total(self, count: int) -> None:
        """So many submissions were found."""

    def started(self, submission: Submission) -> None:
        """Called from worker threads."""

    def finished(self, grade: Grade) -> None:
        """Called in the main thread."""


class _Bar(Listener):
    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("warming up", total=None)
        self.running: list[str] = []
        self.lock = threading.Lock()

    def total(self, count: int) -> None:
        self.bar.update(self.task, total=count)

    def started(self, submission: Submission) -> None:
        with self.lock:
            self.running.append(submission.student)
        self._show()

    def finished(self, grade: Grade) -> None:
        with self.lock:
            if grade.student in self.running:
                self.running.remove(grade.student)
        self.bar.advance(self.task)
        self._show()

    def _show(self) -> None:
        with self.lock:
            names = ", ".join(self.running[:4])
        self.bar.update(self.task, description=names.replace("[", "(")[:60] or "grading")


@contextlib.contextmanager
def progress(console: Console) -> Iterator[Listener]:
    """A live display on a terminal, silence elsewhere."""
    if not console.is_terminal:
        yield Listener()
        return
    text = TextColumn("{task.description}")
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), text)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        yield _Bar(bar)


def run(plan: Plan, listener: Listener) -> Done:
    """Grade everything that `plan` names. Raises CollectError when there is nothing, AssignmentError when an
    assignment in question is not built, SandboxUnavailable, GradebookError; no submission raises."""
    with Course.open(plan.course, plan.sandbox, _device(plan.device), retrain=plan.retrain) as course:
        submissions = _find(plan, course)
        save = plan.gradebook if plan.gradebook is not None else any(path.is_dir() for path in plan.paths)
        if save or plan.report is not None:
            _refuse_doubles(submissions)
        titles = {name: course.prepare(name).assignment.title for name in _known(submissions, course)}
        listener.total(len(submissions))
        course.zygote.start()
        home = (plan.home or plan.course).resolve()
        with contextlib.ExitStack() as stack:
            book = stack.enter_context(CourseGradebook(database_url(home))) if save else None
            grades = list(_graded(course, submissions, book, home, plan, listener))
    order = {(s.assignment, s.student): n for n, s in enumerate(submissions)}
    grades.sort(key=lambda g: order.get((g.assignment, g.student), 0))
    notes = [f"gradebook: {book.url}"] if book is not None else []
    notes += _report(plan.report, grades, titles) if plan.report is not None else []
    problems = [f"not graded: {g.student[:60]}: {g.error}" for g in grades if not g.items]
    if book is not None:
        unfit = f"not in the gradebook, which takes names of 1 to {NAME_LIMIT} characters"
        problems += [f"{unfit}: {s.student[:60]}" for s in submissions if not _fits(s.student)]
    return Done(tuple(grades), tuple(notes), tuple(problems))


def _device(name: str) -> str:
    if name not in ("auto", "cpu", "cuda"):
        raise Seq2gradeError(f"no device is called {name!r}: use auto, cpu or cuda")
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name


def _known(submissions: Sequence[Submission], course: Course) -> list[str]:
    return sorted({s.assignment for s in submissions} & set(course.ids()))


def _fits(student: str) -> bool:
    """Whether gradebook and folders can hold this name (a student may choose it: it is that of a file)."""
    return 0 < len(student) <= NAME_LIMIT and student not in (".", "..")


def _refuse_doubles(submissions: Sequence[Submission]) -> None:
    """Two submissions under one name would overwrite each other, and chance would say which one counts."""
    seen: dict[tuple[str, str], Path] = {}
    for s in submissions:
        other = seen.setdefault((s.assignment, s.student), s.path)
        if other != s.path:
            raise CollectError(f"{s.student} has two submissions of {s.assignment}: {other} and {s.path}; name one")


def _find(plan: Plan, course: Course) -> tuple[Submission, ...]:
    known = course.ids()
    if not known:
        raise AssignmentError(course.root / "assignments", "course", "expected assignments; is this the course folder?")
    found: dict[Path, Submission] = {}
    for path in plan.paths:
        for submission in find_submissions(path, plan.assignment, known):
            found.setdefault(submission.path, submission)
    if not found:
        where = ", ".join(map(str, plan.paths))
        raise CollectError(f"no submissions in {where}: expected notebooks, or <student>/<assignment>/ folders")
    return tuple(found.values())


def _graded(
    course: Course,
    submissions: Sequence[Submission],
    book: CourseGradebook | None,
    home: Path,
    plan: Plan,
    listener: Listener,
) -> Iterator[Grade]:
    """Grade, and save each grade before the next is awaited. Old scores are gone from the moment a new run starts."""
    lock = threading.Lock()
    known = _known(submissions, course) if book is not None else []
    for name in known:
        assert book is not None
        book.register(name, _source(course, name))

    def started(submission: Submission) -> None:
        if book is not None and submission.assignment in known and _fits(submission.student):
            with lock:
                book.begin(submission.student, submission.assignment, handed_in(submission))
        listener.started(submission)

    for grade in grade_many(course, submissions, plan.jobs, plan.seed, started):
        if book is not None and grade.assignment in known and _fits(grade.student):
            with lock:
                book.record(grade)
            write_autograded(home, grade, course.prepare(grade.assignment).release)
        listener.finished(grade)
        yield grade


def _source(course: Course, name: str) -> dict[str, Any]:
    path = course.root / "source" / name / f"{name}.ipynb"
    try:
        return read_notebook(path)
    except (OSError, ValueError) as error:
        raise AssignmentError(path, "source", f"expected a built notebook: run `seq2grade build {name}`") from error


def handed_in(submission: Submission) -> datetime.datetime | None:
    """When it was handed in (UTC, without zone), from nbgrader's timestamp.txt beside it; None when that is
    missing or says nothing."""
    try:
        text = read_regular(submission.path.parent / "timestamp.txt", 1000).decode()
        return parse_utc(text.strip()) if text.strip() else None
    except (CollectError, OSError, ValueError):
        return None


def _report(folder: Path, grades: Sequence[Grade], titles: Mapping[str, str]) -> list[str]:
    """Class report and feedback pages, one folder per assignment."""
    notes = []
    for name in sorted({g.assignment for g in grades}):
        mine = [g for g in grades if g.assignment == name]
        links, title = {}, titles.get(name, name)
        for grade in mine:
            place = folder / name / "feedback" / grade.student  # a student may be called class.html
            page, _ = write_feedback(grade, place, title=title)
            links[grade.student] = os.path.relpath(page, folder / name)
        path = write_class_report(mine, folder / name / "class.html", title=title, feedback_links=links)
        notes.append(f"class report: {path}")
    return notes


def make_demo(course: Path, assignment: str, folder: Path, jobs: int, sandbox: str) -> Plan:
    """Write the made-up class into `folder` and plan its grading there. Raises AssignmentError when not built."""
    with Course.open(course, sandbox) as opened:
        prepared = opened.prepare(assignment)
        solution = solution_of(opened, assignment)
    for name in ("submitted", "autograded", "reports"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "gradebook.db").unlink(missing_ok=True)
    students = class_of(prepared.assignment, prepared.release, solution)
    write_class(students, assignment, folder / "submitted", prepared.assignment.handed_in())
    where = (folder / "submitted",)
    return Plan(
        course, where, assignment, jobs, "cpu", sandbox, report=folder / "reports", gradebook=True, home=folder
    )


