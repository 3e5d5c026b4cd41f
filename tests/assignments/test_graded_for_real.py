"""Every assignment of this course the whole way through sandbox, wire and diagnosis, with a sample of its cases.
`make audit` grades all of them; test_sharp_and_fair.py tries all in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import Assignment, find_assignments
from autograder.audit import audit_assignment
from autograder.audit.show import solution_of
from autograder.course import Course, Spec
from autograder.model import Kind

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    with Course.open(Spec(ROOT)) as opened:
        yield opened


def sample(assignment: Assignment, each: int) -> Assignment:
    """The assignment with so many mistakes and alternatives of every eighth item, the first of them as declared.
    All of them are tried by test_sharp_and_fair, in this process; `make audit` grades each for real."""
    items = {item.id for item in assignment.items if item.kind is not Kind.MANUAL}
    chosen = set(sorted(items)[::8])
    counts: dict[tuple[str, str], int] = {}

    def among_the_first(kind: str, item: str) -> bool:
        counts[kind, item] = counts.get((kind, item), 0) + 1
        return item in chosen and counts[kind, item] <= each

    mistakes = tuple(m for m in assignment.mistakes if among_the_first("mistake", m.item))
    alternatives = tuple(a for a in assignment.alternatives if among_the_first("alternative", a.item))
    return replace(assignment, mistakes=mistakes, alternatives=alternatives)


@pytest.mark.parametrize("assignment", IDS)
def test_a_sample_is_graded_for_real(course: Course, assignment: str) -> None:
    """Solution and alternatives get full marks, the blank release nothing; mistakes are caught, half are explained, and
    none reads what is meant for another."""
    prepared = course.prepare(assignment)
    few = sample(prepared.assignment, 1)
    # all mistakes stay known to the judge: an explanation has to be found among all of them
    audit = audit_assignment(course, assignment, solution_of(course, assignment), seed=SEED, chosen=few)
    assert {row.case: row.problem for row in audit.rows if row.problem} == {}
    mistakes = [row for row in audit.rows if row.kind == "mistake"]
    # one that only raises shows no data, and where several fit equally well nothing is said; `make audit` counts all
    assert sum(row.diagnosed for row in mistakes) >= 0.5 * len(mistakes)
