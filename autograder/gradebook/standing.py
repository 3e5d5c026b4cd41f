"""What stands in the gradebook beside the checks' own points: what a person gave and wrote, and lateness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from autograder.assignment import Assignment, Item
from autograder.model import Grade, ItemGrade, Kind

if TYPE_CHECKING:
    from autograder.gradebook.late import Lateness

NEEDS_PERSON = "needs_manual_grade"
NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Marked:
    """One cell: `points` that a person gave instead of the checks', `extra` credit and a `comment`; `waits`: whether
    somebody should look (again)."""

    points: float | None = None
    extra: float = 0.0
    comment: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Standing:
    """One submission: its cells by grade_id, and how late it was, where it was."""

    cells: Mapping[str, Marked] = field(default_factory=dict)
    late: Lateness | None = None


def rubric_of(item: Item) -> str:
    """By what a person grades it, as Markdown; "" where there is nothing to say."""
    return "\n".join(f"- **{line.points:g}**: {' '.join(line.text.split())}" for line in item.rubric)


def reference_of(assignment: Assignment, item: Item) -> str:
    """The course's own answer to an item that a person grades, as Markdown."""
    lines = assignment.cell(item.answer).source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")).strip()


def with_standing(grade: Grade, standing: Standing, assignment: Assignment) -> Grade:
    """The grade with what a person and the calendar say. The checks' own points are never changed."""
    known = {item.id: item for item in assignment.items}
    said: set[str] = set()
    items = tuple(
        _item(item, known[item.id], standing, assignment, grade, said) if item.id in known else item
        for item in grade.items
    )
    again = any(item.person is not None and _marked(standing, item).waits for item in items)
    late = standing.late
    return replace(
        grade.with_items(items), flagged=grade.flagged or again,
        penalty=late.penalty if late else 0.0, late=late.sentence() if late else "",
    )  # fmt: skip


def _marked(standing: Standing, item: ItemGrade) -> Marked:
    return standing.cells.get(item.cell, Marked())


def _item(
    item: ItemGrade, asked: Item, standing: Standing, assignment: Assignment, grade: Grade, said: set[str]
) -> ItemGrade:
    marked = _marked(standing, item)
    comments = [
        comment
        for name in dict.fromkeys((item.cell, asked.answer))
        if name not in said and (comment := standing.cells.get(name, Marked()).comment)
    ]
    said.update((item.cell, asked.answer))
    filled = replace(item, person=marked.points, extra=marked.extra, comment="\n\n".join(comments))
    if item.kind is not Kind.MANUAL:
        return filled if marked.points is None else replace(filled, pending=0.0)
    filled = replace(filled, rubric=rubric_of(asked))
    if marked.points is not None:
        status = NEEDS_PERSON if marked.waits else _by_points(marked.points, item.max_score)
        return replace(filled, status=status, pending=0.0, reference=reference_of(assignment, asked))
    return replace(filled, status=NOT_STARTED, pending=0.0) if item.cell in grade.unanswered else filled


def _by_points(points: float, most: float) -> str:
    return "passed" if points >= most else "partial" if points > 0 else "failed"


def same_work(before: Grade | None, now: Grade) -> frozenset[str]:
    """The graded cells whose answers and automatic points are what they were in an earlier grade, so that what a person
    gave them then still speaks of them. `before.notebook` holds what was handed in then."""
    if before is None or not before.items:
        return frozenset()
    whole = bool(now.digest) and now.digest == before.digest
    old, new = dict(_sources(before)), dict(_sources(now))
    scores = {item.cell: (item.score, item.max_score) for item in before.items}
    return frozenset(
        item.cell
        for item in now.items
        if scores.get(item.cell) == (item.score, item.max_score)
        and (whole or (item.kind is Kind.MANUAL and item.cell in new and old.get(item.cell) == new[item.cell]))
    )


def _sources(grade: Grade) -> Iterator[tuple[str, str]]:
    for cell in grade.notebook.get("cells", ()):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name:
            yield name, "".join(cell["source"])
