"""Every assignment of this course the whole way through sandbox, wire and diagnosis, with a sample of its cases.
`make audit` grades all of them; test_sharp_and_fair.py tries all in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import Assignment, find_assignments
from autograder.audit import audit_assignment
from autograder.audit.bundle import without_figures
from autograder.course import Course, Spec
from autograder.model import Kind

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    with Course.open(Spec(ROOT)) as opened:
        yield opened


@pytest.fixture(scope="module")
def explained() -> dict[str, list[bool]]:
    """Assignment -> whether its mistakes were explained, filled by one test after the other."""
    return {}


def sample(assignment: Assignment) -> Assignment:
    """The assignment with the first mistake, as declared, of every twelfth item, and without alternatives.
    All of them are tried by test_sharp_and_fair, in this process; `make audit` grades each for real."""
    items = sorted(item.id for item in assignment.items if item.kind is not Kind.MANUAL)
    first = {mistake.item: mistake for mistake in reversed(assignment.mistakes)}
    chosen = tuple(first[item] for item in items[5::12] if item in first)
    return replace(assignment, mistakes=chosen, alternatives=())


@pytest.mark.long
@pytest.mark.parametrize("assignment", IDS)
def test_a_sample_is_graded_for_real(course: Course, explained: dict[str, list[bool]], assignment: str) -> None:
    """The solution gets full marks, the blank release nothing; mistakes are caught, and none reads what is meant for
    another."""
    prepared = course.prepare(assignment)
    few = sample(prepared.assignment)
    solution = without_figures(course.solution(assignment))  # pictures were drawn when it was built
    # all mistakes stay known to the judge: an explanation has to be found among all of them
    audit = audit_assignment(course, assignment, solution, seed=SEED, chosen=few)
    assert {row.case: row.problem for row in audit.rows if row.problem} == {}
    explained[assignment] = [row.diagnosed for row in audit.rows if row.kind == "mistake"]


@pytest.mark.long
def test_what_was_caught_is_explained(explained: dict[str, list[bool]]) -> None:
    """Half of the mistakes of the sample. One that only raises shows no data, and where several fit equally well
    nothing is said; `make audit` counts all."""
    found = [told for assignment in explained.values() for told in assignment]
    assert len(explained) < len(IDS) or sum(found) >= 0.5 * len(found), explained
