"""How a verdict came about: what was kept of a grade, and whether running the same again gives the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.collect import collect
from autograder.errors import CollectError
from autograder.gradebook.kept import is_genuine, read_kept, students_kept
from autograder.model import Grade, ItemGrade, Status
from autograder.nearest import meant
from autograder.pipeline import grade_submission
from autograder.planned import Plan, opened

_STATES = {Status.PASSED: "passed", Status.FAILED: "failed", Status.COULD_NOT_CHECK: "could not be checked"}


def recorded(home: Path, assignment: str, student: str) -> tuple[Grade, bool]:
    """(what was kept of a grade, whether it is what was written). Raises CollectError where there is none."""
    grade = read_kept(home, assignment, student)
    if grade is None:
        known = students_kept(home, assignment)
        raise CollectError(f"nothing was kept of {student[:60]}, {assignment}, in {home}{meant(student, known)}")
    return grade, is_genuine(home, assignment, student)


def items_of(grade: Grade, wanted: str | None) -> tuple[ItemGrade, ...]:
    """The item `wanted`, or all. Raises CollectError where there is no such item."""
    ids = [item.id for item in grade.items]
    if wanted is not None and wanted not in ids:
        raise CollectError(f"{grade.assignment} has no item {wanted}{meant(wanted, ids)}")
    return tuple(item for item in grade.items if wanted in (None, item.id))


@dataclass(frozen=True)
class Again:
    """What came of running it once more, with the same seed: `different` says, a line each, what is not as it was (the
    work, the assignment, versions); `verdicts` which checks end otherwise now."""

    grade: Grade
    different: tuple[str, ...]
    verdicts: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every verdict is the same."""
        return not self.verdicts


def again(plan: Plan, before: Grade, items: Sequence[ItemGrade]) -> Again:
    """Run the work that `plan` names once more and compare its verdicts on `items`; nothing is written. Raises
    CollectError when the student's work is not there, and as batch.run does."""
    with opened(plan, alone=True) as found:
        mine = [s for s in found.submissions if (s.student, s.assignment) == (before.student, before.assignment)]
        if not mine:
            where = ", ".join(map(str, plan.paths))
            raise CollectError(f"no work of {before.student[:60]} for {before.assignment} in {where}: name its folder")
        prepared = found.course.prepare(before.assignment)
        digest = collect(mine[0], prepared.release).digest
        now = grade_submission(found.course, mine[0], before.seed)
        settings = found.course.settings
    different = []
    if digest != before.digest:
        different.append("what was handed in is not what was graded then")
    if prepared.digest != before.edition:
        different.append("the assignment's files are not those of then")
    if settings != before.settings:
        different.append(f"then: {before.settings or 'nobody wrote down how'}; now: {settings}")
    return Again(replace(now, notebook={}), tuple(different), tuple(_changes(items, now)))


def _changes(items: Sequence[ItemGrade], now: Grade) -> list[str]:
    new = {check.name: check for item in now.items for check in item.checks}
    lines = []
    for check in (check for item in items for check in item.checks):
        other = new.get(check.name)
        if other is None:
            lines.append(f"{check.claim or check.name} It was {_STATES[check.status]}, and there is no such check now.")
        elif other.status is not check.status:
            lines.append(
                f"{check.claim or check.name} It was {_STATES[check.status]}, and is {_STATES[other.status]} now."
            )
    return lines
