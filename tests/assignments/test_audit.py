"""Every assignment of this course: sharp, fair, and told apart. `make audit` grades all cases for real; here all are
tried in this process, and a sample goes the whole way through sandbox, wire and diagnosis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import Assignment, find_assignments, load_assignment
from autograder.audit import audit_assignment
from autograder.audit.quick import quick_audit
from autograder.audit.show import solution_of
from autograder.judge.trusted import Trusted
from autograder.pipeline import Course

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    with Course.open(ROOT) as opened:
        yield opened


def sample(assignment: Assignment, each: int) -> Assignment:
    """The assignment with so many mistakes and alternatives of each item, the first of them by name."""
    counts: dict[tuple[str, str], int] = {}

    def among_the_first(kind: str, item: str) -> bool:
        counts[kind, item] = counts.get((kind, item), 0) + 1
        return counts[kind, item] <= each

    mistakes = tuple(m for m in assignment.mistakes if among_the_first("mistake", m.item))
    alternatives = tuple(a for a in assignment.alternatives if among_the_first("alternative", a.item))
    return replace(assignment, mistakes=mistakes, alternatives=alternatives)


@pytest.mark.parametrize("assignment", IDS)
def test_checks_catch_every_mistake_and_no_alternative(assignment: str) -> None:
    """Each declared mistake fails the checks it names, each alternative passes all, and no check is idle."""
    audit = quick_audit(Trusted.load(load_assignment(ROOT / "assignments" / assignment)), SEED)
    assert audit.problems == ()
    assert audit.tried > 0


@pytest.mark.parametrize("assignment", IDS)
def test_a_sample_is_graded_for_real(course: Course, assignment: str) -> None:
    """Solution and alternatives get full marks, the blank release nothing, and mistakes are caught and explained."""
    prepared = course.prepare(assignment)
    few = sample(prepared.assignment, 1)
    # all mistakes stay known to the judge: an explanation has to be found among all of them
    audit = audit_assignment(course, assignment, solution_of(course, assignment), seed=SEED, chosen=few)
    assert [row.case for row in audit.rows if row.problem] == []
    mistakes = [row for row in audit.rows if row.kind == "mistake"]
    # one that only raises shows no data, and of so few a single one weighs much; `make audit` counts all
    assert sum(row.diagnosed for row in mistakes) >= 0.8 * len(mistakes)


@pytest.mark.parametrize("assignment", IDS)
def test_each_code_item_has_enough_examples(assignment: str) -> None:
    """At least six mistakes and three alternatives stand behind each item that is judged by code."""
    loaded = load_assignment(ROOT / "assignments" / assignment)
    for item in loaded.items:
        if item.kind.value == "code":
            assert sum(m.item == item.id for m in loaded.mistakes) >= 6, item.id
            assert sum(a.item == item.id for a in loaded.alternatives) >= 3, item.id
