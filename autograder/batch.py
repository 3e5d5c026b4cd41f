"""One run of `seq2grade grade`: find, grade, save, report. Side effects live here and in the gradebook."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.classroom import class_of, write_class
from autograder.course import Course, Spec, wanted_devices
from autograder.device import choose
from autograder.fleet.choose import check_name
from autograder.fleet.stop import Stop
from autograder.gradebook.autograded import NAME_LIMIT
from autograder.gradebook.kept import KEPT
from autograder.grading import Grading, Listener, attempted, grading_fleet, last_grades, warm_meanwhile
from autograder.model import Grade, Submission
from autograder.planned import Plan, fits_in, gradebook, handed_in, opened, secrets_of
from autograder.report.classreport import write_class_report
from autograder.report.feedback import write_feedback
from autograder.report.plain import plain
from autograder.resume import stand
from autograder.saving import Faults, Keeper
from autograder.stages import Profile

AGAIN = "--again grades them anew"


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


def run(plan: Plan, listener: Listener, stop: Stop | None = None, profile: Profile | None = None) -> Done:
    """Grade everything that `plan` names. Raises CollectError when there is nothing, AssignmentError when an
    assignment in question is not built, SandboxUnavailable, GradebookError, Seq2gradeError when results cannot be
    written where they shall, FleetError when nobody is there to grade; no submission raises, and once there are grades,
    nothing does. `profile` collects where the time of each submission goes, on this machine."""
    stop = stop or Stop()
    check_name(plan.fleet)
    with opened(plan, alone=plan.saves or plan.report is not None) as found:
        course, submissions = found.course, found.submissions
        if profile is None:  # which tells how long it takes alone
            warm_meanwhile(plan, course, submissions)
        assignments = {name: course.prepare(name).assignment for name in found.assignments}
        titles = {name: assignment.title for name, assignment in assignments.items()}
        course.zygote.hide(*secrets_of(plan, submissions))
        listener.total(len(submissions))
        faults = Faults()
        with contextlib.ExitStack() as stack:
            book = stack.enter_context(gradebook(plan, found)) if plan.saves else None
            keeper = Keeper(book, plan.place, lambda name: course.prepare(name).release, faults) if plan.saves else None
            known: dict[Path, Grade] = {}
            if keeper is not None and not plan.again:
                known = _graded_already(course, submissions, keeper, plan, listener, stop)
            left = [one for one in submissions if one.path not in known]
            counted, refused = attempted(plan, course, left, faults)
            known |= last_grades(refused, left, keeper)
            left = [one for one in left if one.path not in refused]
            grades, told = list(known.values()), []
            if left and not stop.signal:
                fleet = stack.enter_context(grading_fleet(plan, course, profile))
                rest = (faults, counted, keeper, profile, listener)
                grades += Grading(fleet, course, plan, titles, stop, *rest).all(left)
                told = fleet.told
            grades = keeper.completed(grades, assignments) if keeper is not None else grades
    order = {(s.assignment, s.student): n for n, s in enumerate(submissions)}
    grades.sort(key=lambda g: order.get((g.assignment, g.student), 0))
    notes = [f"gradebook: {book.url}"] if book is not None else []
    if already := len(known) - sum(path in refused for path in known):
        notes.append(f"{already} of {len(submissions)} were graded already, by the same checks; {AGAIN}")
    whose = {one.path: f"{plain(one.student)[:60]}, {one.assignment}" for one in submissions}
    notes += [f"not graded again: {whose[path]}: {why}" for path, why in refused.items() if path in known]
    notes += [*found.mismatches, *told]
    notes += write_reports(plan.report, grades, titles, faults) if plan.report is not None else []
    problems = [f"not graded: {whose[path]}: {why}" for path, why in refused.items() if path not in known]
    problems += [f"not graded: {g.student[:60]}: {plain(g.error, limit=400)}" for g in grades if not g.items]
    if book is not None:
        unfit = f"not in the gradebook, which takes names of 1 to {NAME_LIMIT} characters"
        problems += [f"{unfit}: {s.student[:60]}" for s in submissions if not fits_in(s.student)]
    unsaved = faults.lines()
    if stop.signal:
        more = len(submissions) - len(grades) - sum(path not in known for path in refused)
        unsaved.append(f"stopped: {more} of {len(submissions)} submissions were not graded; the same command does it.")
    return Done(tuple(grades), tuple(notes), tuple(problems), tuple(unsaved), stop.signal)


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
        if prepared is None or not fits_in(submission.student):
            continue
        known = stand(course, prepared, submission, keeper.home, plan.seed)
        if known.grade is not None and (result := known.result) is not None:
            keeper.again(submission, handed_in(submission), known.grade)
            found[submission.path] = result
            with contextlib.suppress(Exception):
                listener.finished(result)
    return found


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
    device = choose("auto", wanted_devices(course, [assignment]))
    with Course.open(Spec(course, sandbox, device)) as opened:
        prepared = opened.prepare(assignment)
        solution = opened.solution(assignment)
    for name in ("submitted", "autograded", "reports", KEPT):
        shutil.rmtree(folder / name, ignore_errors=True)
    database = folder / "gradebook.db"  # its own, whatever the environment names: the class is made up
    database.unlink(missing_ok=True)
    students = class_of(prepared.assignment, prepared.release, solution)
    write_class(students, assignment, folder / "submitted", prepared.assignment.handed_in())
    where = (folder / "submitted",)
    return Plan(
        course, where, assignment, jobs, device, sandbox, report=folder / "reports", gradebook=True, home=folder,
        database=f"sqlite:///{database}",
    )  # fmt: skip
