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

import torch
from nbgrader.utils import parse_utc
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.classroom import class_of, write_class
from autograder.collect import find_submissions
from autograder.collect.read import read_regular
from autograder.errors import CollectError
from autograder.fleet.local import grade_many
from autograder.gradebook import CourseGradebook, database_url, write_autograded
from autograder.model import Grade, Submission
from autograder.notebooks import read_notebook
from autograder.pipeline import Course
from autograder.report.classreport import write_class_report
from autograder.report.feedback import write_feedback


@dataclass(frozen=True)
class Plan:
    """What one run is asked to do. `gradebook` None means: for folders, not for lone notebooks.
    `home` is where gradebook and autograded/ live; the course folder when None."""

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


@dataclass(frozen=True)
class Done:
    """What came of it: grades in a stable order, and lines to print below the table."""

    grades: tuple[Grade, ...]
    notes: tuple[str, ...]


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
    """Grade everything that `plan` names. Raises CollectError when there is nothing, SandboxUnavailable,
    GradebookError; no submission raises."""
    with Course.open(plan.course, plan.sandbox, _device(plan.device)) as course:
        submissions = _find(plan, course.ids())
        listener.total(len(submissions))
        course.zygote.start()
        save = plan.gradebook if plan.gradebook is not None else any(path.is_dir() for path in plan.paths)
        home = (plan.home or plan.course).resolve()
        with contextlib.ExitStack() as stack:
            book = stack.enter_context(CourseGradebook(database_url(home))) if save else None
            grades = list(_graded(course, submissions, book, home, plan, listener))
        known = {grade.assignment for grade in grades} & set(course.ids())
        titles = {name: course.prepare(name).assignment.title for name in known}
    order = {(s.assignment, s.student): n for n, s in enumerate(submissions)}
    grades.sort(key=lambda g: order.get((g.assignment, g.student), 0))
    notes = [f"gradebook: {book.url}"] if book is not None else []
    notes += _report(plan.report, grades, titles) if plan.report is not None else []
    return Done(tuple(grades), tuple(notes))


def _device(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name


def _find(plan: Plan, known: Sequence[str]) -> tuple[Submission, ...]:
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
    if book is not None:
        for name in {s.assignment for s in submissions} & set(course.ids()):
            book.register(name, read_notebook(course.root / "source" / name / f"{name}.ipynb"))

    def started(submission: Submission) -> None:
        if book is not None and submission.assignment in course.ids():
            with lock:
                book.begin(submission.student, submission.assignment, handed_in(submission))
        listener.started(submission)

    for grade in grade_many(course, submissions, plan.jobs, plan.seed, started):
        if book is not None and grade.assignment in course.ids():
            with lock:
                book.record(grade)
            write_autograded(home, grade, course.prepare(grade.assignment).release)
        listener.finished(grade)
        yield grade


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
        links = {}
        for grade in mine:
            place = folder / name / grade.student
            page, _ = write_feedback(grade, place, title=titles.get(name, name))
            links[grade.student] = os.path.relpath(page, folder / name)
        path = write_class_report(mine, folder / name / "class.html", title=titles.get(name, name), feedback_links=links)
        notes.append(f"class report: {path}")
    return notes


def make_demo(course: Path, assignment: str, folder: Path, jobs: int, sandbox: str) -> Plan:
    """Write the made-up class into `folder` and plan its grading there. Raises AssignmentError when not built."""
    with Course.open(course, sandbox) as opened:
        prepared = opened.prepare(assignment)
    solution = read_notebook(course / "solutions" / assignment / f"{assignment}.ipynb")
    for name in ("submitted", "autograded", "reports"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "gradebook.db").unlink(missing_ok=True)
    write_class(class_of(prepared.assignment, prepared.release, solution), assignment, folder / "submitted")
    where = (folder / "submitted",)
    return Plan(
        course, where, assignment, jobs, "cpu", sandbox, report=folder / "reports", gradebook=True, home=folder
    )


