"""Judge again what was graded by other checks, and write nothing before somebody has seen who gains and who loses.

The work is run once more with its own seed; items that are decided by what they were decided by then keep their
verdicts, and what a person gave stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.batch import Done
from autograder.fleet.choose import check_name
from autograder.fleet.stop import Stop
from autograder.gradebook.standing import Standing, with_standing
from autograder.grading import Listener, grading_fleet
from autograder.model import Grade, ItemGrade, Submission
from autograder.planned import Opened, Plan, gradebook, handed_in, opened, secrets_of, stands_in
from autograder.report.plain import plain
from autograder.resume import Stand, State
from autograder.saving import Faults, Keeper

NOTHING_TO_DO = "no submission was graded by other checks than those of now: there is nothing to judge again"
NOTHING_WRITTEN = "nothing was written; the grades are what they were"


@dataclass(frozen=True)
class Change:
    """An item of one submission that is worth something else now; `before` or `after` is None where there is no such
    item. `person`: the points that a person gave, which stay whatever the checks say."""

    student: str
    assignment: str
    item: str
    before: float | None
    after: float | None
    person: float | None = None

    @property
    def gain(self) -> float:
        """What the student gains in all, or loses (below zero); lateness aside."""
        return 0.0 if self.person is not None else (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Preview:
    """What is about to be written: how many submissions were judged again, in how many items all together, what that
    changes, and a line for each that keeps its grade since points of it could not be checked."""

    submissions: int
    items: int
    changes: tuple[Change, ...]
    undecided: tuple[str, ...] = ()


def changes(before: Grade, after: Grade) -> tuple[Change, ...]:
    """What differs between two grades of the same work, in the order of the items. `after` knows what people gave."""
    old, new = _automatic(before), _automatic(after)
    found = []
    for id in dict.fromkeys((*new, *old)):
        was, now = old.get(id), new.get(id)
        scores = was.score if was else None, now.score if now else None
        if scores[0] != scores[1]:
            found.append(Change(after.student, after.assignment, id, *scores, now.person if now else None))
    return tuple(found)


def _automatic(grade: Grade) -> dict[str, ItemGrade]:
    return {item.id: item for item in grade.items if item.checks}


def rejudge(plan: Plan, agreed: Callable[[Preview], bool], listener: Listener, stop: Stop | None = None) -> Done:
    """Judge again what `plan` names and what other checks have graded; save it if `agreed`. Nothing else is run.

    A submission of which points cannot be checked this time keeps the grade that it has. Raises as batch.run does."""
    stop = stop or Stop()
    check_name(plan.fleet)
    with opened(plan, alone=True) as found:
        stands = [one for one in stands_in(found, plan) if one.state is State.CHECKS and one.grade is not None]
        listener.total(len(stands))
        if not stands:
            return Done((), (NOTHING_TO_DO,))
        found.course.zygote.hide(*secrets_of(plan, found.submissions))
        with gradebook(plan, found) as book:
            keeper = Keeper(book, plan.place, lambda name: found.course.prepare(name).release, Faults())
            grades = _judged(found, stands, plan, listener, stop)
            said = {name: book.standing(name) for name in found.assignments}
            preview, whole = _preview(found, stands, grades, said)
            if stop.signal or not whole or not agreed(preview):
                return Done((), (), (*preview.undecided, NOTHING_WRITTEN), stopped=stop.signal)
            return _kept(found, whole, keeper, preview, stop)


def _judged(
    found: Opened, stands: Sequence[Stand], plan: Plan, listener: Listener, stop: Stop
) -> dict[tuple[str, str], Grade]:
    work = [one.submission for one in stands]
    earlier = {one.submission.path: one.grade for one in stands if one.grade is not None}
    grades = {}
    with grading_fleet(plan, found.course) as fleet:
        for grade in fleet.grade_many(found.course, work, plan.jobs, None, listener.started, stop, earlier=earlier):
            grades[grade.assignment, grade.student] = grade
            with contextlib.suppress(Exception):  # a display that breaks is no reason to stop
                listener.finished(grade)
    return grades


def _preview(
    found: Opened, stands: Sequence[Stand], grades: Mapping[tuple[str, str], Grade],
    said: Mapping[str, Mapping[str, Standing]],
) -> tuple[Preview, list[tuple[Submission, Grade]]]:  # fmt: skip
    """What to show, and what to save."""
    whole: list[tuple[Submission, Grade]] = []
    differ: list[Change] = []
    undecided: list[str] = []
    items = 0
    for one in stands:
        name, student = one.submission.assignment, one.submission.student
        grade, before = grades.get((name, student)), one.grade
        if grade is None or before is None:
            continue
        if grade.pending:
            undecided.append(f"keeps its grade, as points could not be checked: {plain(student)[:60]}, {name}")
            continue
        prepared = found.course.prepare(name)
        whole.append((one.submission, grade))
        items += sum(bool(item.checks) for item in grade.items) - len(prepared.still(before))
        differ += changes(before, with_standing(grade, said[name].get(student, Standing()), prepared.assignment))
    return Preview(len(whole), items, tuple(differ), tuple(undecided)), whole


def _kept(
    found: Opened, whole: Sequence[tuple[Submission, Grade]], keeper: Keeper, preview: Preview, stop: Stop
) -> Done:
    stop.listen(keeper.hurry)
    for submission, grade in whole:
        keeper.begin(submission, handed_in(submission))
        keeper.record(grade)
    keeper.finish()
    assignments = {name: found.course.prepare(name).assignment for name in found.assignments}
    grades = keeper.completed([grade for _, grade in whole], assignments)
    notes = ("written; `seq2grade report` makes the pages anew",)
    return Done(tuple(grades), notes, preview.undecided, tuple(keeper.faults.lines()), stop.signal)
