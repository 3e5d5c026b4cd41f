"""One run of `seq2grade grade`: find, grade, save, report. Side effects live here and in the gradebook."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.assignment import find_assignments
from autograder.audit.show import solution_of
from autograder.classroom import class_of, write_class
from autograder.collect import find_submissions, one_each
from autograder.collect.find import fits_layout
from autograder.collect.read import read_regular
from autograder.course import Course, Spec, wanted_devices
from autograder.deadlines import deadline
from autograder.device import choose, mismatches
from autograder.errors import AssignmentError, CollectError
from autograder.fleet.local import grade_many
from autograder.fleet.stop import Stop
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.autograded import AUTOGRADED
from autograder.gradebook.book import NAME_LIMIT
from autograder.gradebook.kept import KEPT
from autograder.gradebook.late import LatePolicy, course_config
from autograder.model import Grade, Submission
from autograder.notebooks import read_notebook
from autograder.report.classreport import write_class_report
from autograder.report.feedback import write_feedback
from autograder.report.plain import plain
from autograder.resume import Stand, stand
from autograder.sandbox.backends import choose_backend
from autograder.saving import Faults, Keeper
from autograder.writing import check_folder, check_writable

AGAIN = "--again grades them anew"


@dataclass(frozen=True)
class Plan:
    """What one run is asked to do. `gradebook` None means: for folders, not for lone notebooks.
    `home` is where gradebook and autograded/ live; the course folder when None. `database`: its address, that of the
    environment or in `home` when None. `retrain`: see Spec. `again`: run what is graded already, too."""

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
    json: Path | None = None
    database: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Done:
    """What came of it: grades in a stable order, lines to print below the table, and what a person must see to.
    `unsaved`: a line for each kind of thing that was graded and could not be kept; `stopped`: the signal that ended
    the run early, else 0."""

    grades: tuple[Grade, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...] = ()
    unsaved: tuple[str, ...] = ()
    stopped: int = 0


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


def run(plan: Plan, listener: Listener, stop: Stop | None = None) -> Done:
    """Grade everything that `plan` names. Raises CollectError when there is nothing, AssignmentError when an
    assignment in question is not built, SandboxUnavailable, GradebookError, Seq2gradeError when results cannot be
    written where they shall; no submission raises, and once grading began, nothing does."""
    stop = stop or Stop()
    _check_places(plan)
    choose_backend(plan.sandbox)
    submissions = _find(plan)
    wanted = wanted_devices(plan.course, {s.assignment for s in submissions})
    device = choose(plan.device, wanted)
    with Course.open(Spec(plan.course, plan.sandbox, device, retrain=plan.retrain)) as course:
        save = plan.gradebook if plan.gradebook is not None else any(path.is_dir() for path in plan.paths)
        if save or plan.report is not None:
            # Two under one name would overwrite each other, and chance would say which one counts.
            submissions = one_each(submissions)
        assignments = {name: course.prepare(name).assignment for name in _known(submissions, course)}
        titles = {name: assignment.title for name, assignment in assignments.items()}
        home = (plan.home or plan.course).resolve()
        course.zygote.hide(*_secrets(plan, submissions, home, save))
        listener.total(len(submissions))
        faults = Faults()
        with contextlib.ExitStack() as stack:
            policy = LatePolicy(course_config(course.root)) if save else None
            url = database_url(home, plan.database)
            book = stack.enter_context(CourseGradebook(url, policy=policy)) if save else None
            if book is not None:
                for name, assignment in assignments.items():
                    book.register(name, _source(course, name), deadline=deadline(course.root, name, assignment.due))
            keeper = Keeper(book, home, lambda name: course.prepare(name).release, faults) if save else None
            known: dict[Path, Grade] = {}
            if keeper is not None and not plan.again:
                known = _graded_already(course, submissions, keeper, plan, listener, stop)
            left = [one for one in submissions if one.path not in known]
            if left and not stop.signal:
                course.zygote.start()
            grades = [*known.values(), *_graded(course, left, keeper, titles, plan, listener, stop)]
            grades = keeper.completed(grades, assignments) if keeper is not None else grades
    order = {(s.assignment, s.student): n for n, s in enumerate(submissions)}
    grades.sort(key=lambda g: order.get((g.assignment, g.student), 0))
    notes = [f"gradebook: {book.url}"] if book is not None else []
    if known:
        notes.append(f"{len(known)} of {len(submissions)} were graded already, by the same checks; {AGAIN}")
    notes += mismatches(device, wanted)
    notes += write_reports(plan.report, grades, titles, faults) if plan.report is not None else []
    problems = [f"not graded: {g.student[:60]}: {plain(g.error, limit=400)}" for g in grades if not g.items]
    if book is not None:
        unfit = f"not in the gradebook, which takes names of 1 to {NAME_LIMIT} characters"
        problems += [f"{unfit}: {s.student[:60]}" for s in submissions if not _fits(s.student)]
    unsaved = faults.lines()
    if stop.signal:
        more = len(submissions) - len(grades)
        unsaved.append(f"stopped: {more} of {len(submissions)} submissions were not graded; the same command does it.")
    return Done(tuple(grades), tuple(notes), tuple(problems), tuple(unsaved), stop.signal)


def stands(plan: Plan) -> tuple[Stand, ...]:
    """Where each submission that `plan` names stands; nothing is run. Raises as `run` does."""
    submissions = one_each(_find(plan))
    device = choose(plan.device, wanted_devices(plan.course, {s.assignment for s in submissions}))
    with Course.open(Spec(plan.course, plan.sandbox, device, retrain=plan.retrain)) as course:
        home = (plan.home or plan.course).resolve()
        known = _known(submissions, course)
        return tuple(
            stand(course, course.prepare(one.assignment), one, home, plan.seed)
            for one in submissions
            if one.assignment in known and _fits(one.student)
        )


def _check_places(plan: Plan) -> None:
    if plan.json is not None and str(plan.json) != "-":
        check_writable(plan.json, "the results")
    if plan.report is not None:
        check_folder(plan.report, "the report")


def _secrets(plan: Plan, submissions: Sequence[Submission], home: Path, save: bool) -> list[str]:
    """What this run brings along that no student may read: the others' work, old and new results, the gradebook."""
    found = [str(path) for path in (plan.report, plan.json) if path is not None and path.is_file() | path.is_dir()]
    if save:
        found += [str(home / AUTOGRADED), str(home / KEPT), str(home / "gradebook.db")]
        scheme, _, place = database_url(home, plan.database).partition(":///")
        found += [place] if scheme == "sqlite" and place else []
    if len(submissions) > 1:
        found += [str(s.path.parent.parent if fits_layout(s) else s.path) for s in submissions]
    return list(dict.fromkeys(found))


def _known(submissions: Sequence[Submission], course: Course) -> list[str]:
    return sorted({s.assignment for s in submissions} & set(course.ids()))


def _fits(student: str) -> bool:
    """Whether gradebook and folders can hold this name (a student may choose it: it is that of a file)."""
    return 0 < len(student) <= NAME_LIMIT and student not in (".", "..")


def _find(plan: Plan) -> tuple[Submission, ...]:
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


def _graded_already(
    course: Course, submissions: Sequence[Submission], keeper: Keeper, plan: Plan, listener: Listener, stop: Stop
) -> dict[Path, Grade]:
    """By path, the grades that an earlier run kept and that this one would give; saved once more, so that the gradebook
    has them whatever ended that run."""
    found = {}
    for submission in submissions:
        if stop.signal:
            break
        prepared = course.known(submission.assignment)
        if prepared is None or not _fits(submission.student):
            continue
        known = stand(course, prepared, submission, keeper.home, plan.seed)
        if known.grade is not None and (result := known.result) is not None:
            keeper.again(submission, handed_in(submission), known.grade)
            found[submission.path] = result
            with contextlib.suppress(Exception):
                listener.finished(result)
    return found


def _graded(
    course: Course,
    submissions: Sequence[Submission],
    keeper: Keeper | None,
    known: Collection[str],
    plan: Plan,
    listener: Listener,
    stop: Stop,
) -> list[Grade]:
    """Grade, and save each grade before the next is awaited. Old scores are gone from the moment a new run starts."""

    def saved(one: Submission | Grade) -> Keeper | None:
        return keeper if one.assignment in known and _fits(one.student) else None

    def started(submission: Submission) -> None:
        if place := saved(submission):
            place.begin(submission, handed_in(submission))
        with contextlib.suppress(Exception):  # a display that breaks is no reason to stop
            listener.started(submission)

    grades = []
    if keeper is not None:
        stop.listen(keeper.hurry)
    for grade in grade_many(course, submissions, plan.jobs, plan.seed, started, stop):
        grades.append(grade)
        if place := saved(grade):
            place.record(grade)
        with contextlib.suppress(Exception):
            listener.finished(grade)
    if keeper is not None:
        keeper.finish()
    return grades


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


def write_reports(folder: Path, grades: Sequence[Grade], titles: Mapping[str, str], faults: Faults) -> list[str]:
    """Class report and feedback pages, one folder per assignment. A page that cannot be written costs no other."""
    notes = []
    for name in sorted({g.assignment for g in grades}):
        mine = [g for g in grades if g.assignment == name]
        links, title = {}, titles.get(name, name)
        for grade in mine:
            place = folder / name / "feedback" / grade.student  # a student may be called class.html
            try:
                page, _ = write_feedback(grade, place, title=title)
                links[grade.student] = os.path.relpath(page, folder / name)
            except Exception as error:
                faults.add("feedback was not written", error, grade.student)
        try:
            path = write_class_report(mine, folder / name / "class.html", title=title, feedback_links=links)
            notes.append(f"class report: {path}")
        except Exception as error:
            faults.add(f"the class report of {name} was not written", error)
    return notes


def make_demo(course: Path, assignment: str, folder: Path, jobs: int, sandbox: str) -> Plan:
    """Write the made-up class into `folder` and plan its grading there. Raises AssignmentError when not built."""
    with Course.open(Spec(course, sandbox)) as opened:
        prepared = opened.prepare(assignment)
        solution = solution_of(opened, assignment)
    for name in ("submitted", "autograded", "reports", KEPT):
        shutil.rmtree(folder / name, ignore_errors=True)
    database = folder / "gradebook.db"  # its own, whatever the environment names: the class is made up
    database.unlink(missing_ok=True)
    students = class_of(prepared.assignment, prepared.release, solution)
    write_class(students, assignment, folder / "submitted", prepared.assignment.handed_in())
    where = (folder / "submitted",)
    return Plan(
        course, where, assignment, jobs, "cpu", sandbox, report=folder / "reports", gradebook=True, home=folder,
        database=f"sqlite:///{database}",
    )  # fmt: skip
