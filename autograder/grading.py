"""The middle of a run of `grade`: who grades, which attempts count, and each grade saved before the next is awaited."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

from autograder.attempts import Attempts, looked_through
from autograder.course import Course
from autograder.errors import FleetError
from autograder.fleet.choose import Fleet, fleet_called
from autograder.fleet.stop import Stop
from autograder.gradebook.kept import students_kept
from autograder.model import Grade, Repair, Submission
from autograder.notebooks import without_outputs
from autograder.planned import Plan, fits_in, handed_in
from autograder.saving import Faults, Keeper
from autograder.stages import Profile, follow, stage


class Listener:
    """Hears of progress; this one is deaf."""

    def total(self, count: int) -> None:
        """So many submissions were found."""

    def started(self, submission: Submission) -> None:
        """Called from worker threads."""

    def finished(self, grade: Grade) -> None:
        """Called from the main thread, after the grade was saved."""


def warm_meanwhile(plan: Plan, course: Course, submissions: Sequence[Submission]) -> None:
    """Begin to start the warm process, for whoever has no grade yet, while assignments and gradebook are loaded.
    nbgrader takes a second to import: that is done here, beside it, and not at the first look into the gradebook."""
    graded = {name: students_kept(plan.place, name) for name in {one.assignment for one in submissions}}
    fresh = plan.again or any(one.student not in graded[one.assignment] for one in submissions)
    if fresh and plan.fleet == "local":
        course.zygote.begin()
    if plan.saves:
        import_module("autograder.gradebook.book")


@contextlib.contextmanager
def grading_fleet(plan: Plan, course: Course, profile: Profile | None = None) -> Iterator[Fleet]:
    """Who grades, warm and ready. Raises FleetError."""
    if plan.fleet == "local":
        begin = time.monotonic()
        course.zygote.start()
        if profile is not None:
            profile.warm(time.monotonic() - begin, course.zygote.cpu_seconds)
    elif profile is not None:
        raise FleetError(f"--profile measures this machine: leave out --fleet {plan.fleet}, or --profile")
    with fleet_called(plan.fleet, course.root, plan.jobs) as fleet:
        yield fleet


@dataclass(frozen=True)
class Counted:
    """Notes the attempts that are begun; `digests` are those of the work that counts."""

    attempts: Attempts
    digests: Mapping[Path, str]
    faults: Faults

    def begin(self, submission: Submission) -> None:
        """Called from worker threads."""
        if submission.path in self.digests:
            try:
                self.attempts.note(submission.assignment, submission.student, self.digests[submission.path])
            except OSError as error:
                self.faults.add("an attempt was not counted", error, submission.student)


def attempted(
    plan: Plan, course: Course, submissions: Sequence[Submission], faults: Faults
) -> tuple[Counted, dict[Path, str]]:
    """Who counts the attempts of this run, and why, by path, some work is not graded now."""
    attempts = Attempts(plan.place)
    if plan.again:  # an instructor's wish is no attempt of a student's
        return Counted(attempts, {}, faults), {}
    digests, refused = looked_through(course, [one for one in submissions if fits_in(one.student)], attempts)
    return Counted(attempts, digests, faults), refused


def last_grades(
    refused: Mapping[Path, str], submissions: Sequence[Submission], keeper: Keeper | None
) -> dict[Path, Grade]:
    """By path, the grades that stand where new work is not graded now, each with the sentence that says so."""
    found = {}
    for one in submissions if keeper is not None else ():
        if one.path in refused and keeper is not None:
            kept = keeper.stays(one)
            if kept is not None:
                told = Repair("files", "", refused[one.path])
                found[one.path] = replace(kept, repaired=(*kept.repaired, told))
    return found


@dataclass(frozen=True)
class Grading:
    """What is the same for all submissions of a run; `known` are the assignments that the course has, whose grades the
    keeper takes."""

    fleet: Fleet
    course: Course
    plan: Plan
    known: Collection[str]
    stop: Stop
    faults: Faults
    counted: Counted
    keeper: Keeper | None = None
    profile: Profile | None = None
    listener: Listener = field(default_factory=Listener)

    def all(self, submissions: Sequence[Submission]) -> list[Grade]:
        """Grade them. Old scores are gone from the moment a new run starts.
        Raises FleetError when the fleet fails before there is a grade; later on, that is a fault."""
        grades: list[Grade] = []
        if self.keeper is not None:
            self.stop.listen(self.keeper.hurry)
        plan = self.plan
        # one for all: the same work gets the same verdicts, and a judge knows the mistakes' answers from then on
        seed = secrets.randbits(31) if plan.seed is None else plan.seed
        try:
            for grade in self.fleet.grade_many(self.course, submissions, plan.jobs, seed, self._started, self.stop):
                # the pictures of a class would fill memory, and are in autograded/
                grades.append(replace(grade, notebook=without_outputs(grade.notebook)))
                self._finished(grade)
        except FleetError as error:
            if not grades:
                raise
            self.faults.add(f"{len(submissions) - len(grades)} submissions were not graded", error)
        if self.keeper is not None:
            self.keeper.finish()
        return grades

    def _keeper_of(self, one: Submission | Grade) -> Keeper | None:
        return self.keeper if one.assignment in self.known and fits_in(one.student) else None

    def _started(self, submission: Submission) -> None:
        self.counted.begin(submission)
        follow(self.profile.of(submission) if self.profile is not None else None)
        if place := self._keeper_of(submission):
            place.begin(submission, handed_in(submission))
        with contextlib.suppress(Exception):  # a display that breaks is no reason to stop
            self.listener.started(submission)

    def _finished(self, grade: Grade) -> None:
        if place := self._keeper_of(grade):
            follow(self.profile.of(grade) if self.profile is not None else None)
            with stage("record"):
                place.record(grade)
        with contextlib.suppress(Exception):
            self.listener.finished(grade)
