"""Every assignment of this course: sharp, fair, and compiled from the text that lies beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.audit import audit_assignment
from autograder.audit.show import solution_of
from autograder.pipeline import Course

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    with Course.open(ROOT) as opened:
        yield opened


@pytest.mark.parametrize("assignment", IDS)
def test_checks_catch_every_mistake_and_no_alternative(course: Course, assignment: str) -> None:
    """Each declared mistake fails the checks it names, each alternative and the solution get full marks, the
    blank release gets nothing, and no check is idle."""
    audit = audit_assignment(course, assignment, solution_of(course, assignment))
    assert audit.problems == ()
    mistakes = [row for row in audit.rows if row.kind == "mistake"]
    # a mistake that only raises shows no data, and so cannot be told from any other
    assert sum(row.diagnosed for row in mistakes) >= 0.95 * len(mistakes)


@pytest.mark.parametrize("assignment", IDS)
def test_each_code_item_has_enough_examples(assignment: str) -> None:
    """At least six mistakes and three alternatives stand behind each item that is judged by code."""
    loaded = load_assignment(ROOT / "assignments" / assignment)
    for item in loaded.items:
        if item.kind.value == "code":
            assert sum(m.item == item.id for m in loaded.mistakes) >= 6, item.id
            assert sum(a.item == item.id for a in loaded.alternatives) >= 3, item.id
