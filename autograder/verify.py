"""Whether grades are what the grader wrote: the results that were kept, by their signature, and the gradebook's
automatic scores, by those results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.book import automatic_score
from autograder.gradebook.kept import is_genuine, read_kept, students_kept
from autograder.model import Grade, Kind


class Fault(str, Enum):
    """What is wrong with one grade."""

    CHANGED = "what was kept is not what was written"
    SCORE = "the gradebook has another automatic score"
    MISSING = "the gradebook has no such submission"
    UNKNOWN = "the gradebook has scores of which nothing was kept"


@dataclass(frozen=True)
class Finding:
    """One fault. `cell`: in which graded cell, "" for all of it."""

    assignment: str
    student: str
    fault: Fault
    cell: str = ""


def verify(home: Path, ids: Sequence[str], database: str | None = None) -> tuple[int, tuple[Finding, ...]]:
    """(how many grades of the assignments `ids` were looked at, what is wrong with them). Nothing is changed, and
    points that people gave are not looked at. Raises GradebookError where gradebook or key cannot be read."""
    found: list[Finding] = []
    count = 0
    with CourseGradebook(database_url(home, database)) as book:
        for assignment in ids:
            scores = book.automatic(assignment)
            students = students_kept(home, assignment)
            count += len(students)
            for student in students:
                found += _of(home, assignment, student, scores.get(student))
            # a submission that is being graded, or whose grade could not be kept, has no score yet
            graded = (name for name, cells in scores.items() if any(score for score in cells.values()))
            found += [Finding(assignment, name, Fault.UNKNOWN) for name in graded if name not in students]
    return count, tuple(found)


def _of(home: Path, assignment: str, student: str, scores: Mapping[str, float | None] | None) -> list[Finding]:
    kept = read_kept(home, assignment, student)
    if kept is None or not is_genuine(home, assignment, student):
        return [Finding(assignment, student, Fault.CHANGED)]
    if scores is None:
        return [Finding(assignment, student, Fault.MISSING)]
    return [Finding(assignment, student, Fault.SCORE, cell) for cell in _different(kept, scores)]


def _different(kept: Grade, scores: Mapping[str, float | None]) -> list[str]:
    """The cells of automatic items whose score is another one."""
    wanted = {item.cell: automatic_score(item) for item in kept.items if item.kind is not Kind.MANUAL}
    return [cell for cell, score in wanted.items() if not _same(score, scores.get(cell))]


def _same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < 1e-6
