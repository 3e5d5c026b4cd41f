"""Verdicts x points: no combination of results gives more than the maximum, or charges what nobody decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Assignment, Item
from autograder.model import CheckResult, ItemGrade, Kind, Limits, Status
from autograder.score import score_items

NAMES = ["a", "b", "c", "d"]
MANUAL = Item("proof", "Proof", Kind.MANUAL, "", "proof", None, 3.0)


def code(id: str = "one", tests: str | None = "test-one") -> Item:
    return Item(id, id.title(), Kind.CODE, "", "answer", tests)


def assignment(*items: Item) -> Assignment:
    return Assignment("x", Path("x"), "X", "", 1, Limits(), "cpu", items, (), (), Path("x"), ())


def result(name: str, status: Status, most: float = 1.0, item: str = "one", **more: object) -> CheckResult:
    """As run_check makes them: points only for a pass."""
    made = CheckResult(name, item, status, most if status is Status.PASSED else 0.0, most)
    return replace(made, **more)  # type: ignore[arg-type]


def score(results: Sequence[CheckResult], points: Mapping[str, float]) -> ItemGrade:
    """The grade of a single item."""
    (grade,) = score_items(assignment(code()), results, {"one": points})
    return grade


tables = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 400).map(lambda n: n / 4), min_size=1)
verdicts = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(Status))


def results_of(points: Mapping[str, float], found: Mapping[str, Status]) -> list[CheckResult]:
    return [result(name, status, points[name]) for name, status in found.items() if name in points]


@given(tables, verdicts)
def test_points_are_never_made_or_lost(points: dict[str, float], found: dict[str, Status]) -> None:
    """Score, pending points and failed points make up the maximum exactly."""
    grade = score(results_of(points, found), points)
    failed = sum(points[n] for n in points if found.get(n) is Status.FAILED)
    assert 0 <= grade.score <= grade.max_score == sum(points.values())
    assert grade.pending >= 0
    assert grade.score + grade.pending + failed == grade.max_score


@given(tables, verdicts)
def test_only_passed_checks_earn(points: dict[str, float], found: dict[str, Status]) -> None:
    """The score is the points of the passed checks, and of no others."""
    grade = score(results_of(points, found), points)
    assert grade.score == sum(points[n] for n in points if found.get(n) is Status.PASSED)


@given(tables, verdicts)
def test_what_nobody_decided_is_pending(points: dict[str, float], found: dict[str, Status]) -> None:
    """A check that could not be checked, or has no result, neither earns nor costs: its points wait."""
    grade = score(results_of(points, found), points)
    undecided = [n for n in points if found.get(n, Status.COULD_NOT_CHECK) is Status.COULD_NOT_CHECK]
    assert grade.pending == sum(points[n] for n in undecided)
    assert (grade.status == "could_not_check") == bool(undecided)


@given(tables, verdicts)
def test_the_status_says_what_the_score_says(points: dict[str, float], found: dict[str, Status]) -> None:
    """passed is full marks, failed is none, partial lies between, each with nothing pending."""
    grade = score(results_of(points, found), points)
    assert grade.status in ("passed", "partial", "failed", "could_not_check")
    if grade.status == "passed":
        assert grade.score == grade.max_score
    if grade.status == "failed":
        assert grade.score == 0
    if grade.status == "partial":
        assert 0 < grade.score < grade.max_score
    if grade.status != "could_not_check":
        assert grade.pending == 0


@given(tables, verdicts, st.sampled_from(NAMES))
def test_a_better_verdict_never_lowers_the_score(points: dict[str, float], found: dict[str, Status], name: str) -> None:
    """Turning any one verdict into a pass keeps or raises the score."""
    before = score(results_of(points, found), points)
    after = score(results_of(points, {**found, name: Status.PASSED}), points)
    assert after.score >= before.score


@given(tables, verdicts)
def test_results_of_strangers_do_not_count(points: dict[str, float], found: dict[str, Status]) -> None:
    """Results of other items, or of checks that the item does not have, change nothing."""
    own = results_of(points, found)
    strangers = [result("a", Status.PASSED, 99.0, item="two"), result("zz", Status.PASSED, 99.0)]
    alone, among = score(own, points), score([*strangers, *own], points)
    assert (alone.score, alone.pending, alone.status) == (among.score, among.pending, among.status)


def test_a_manual_item_waits_for_a_person() -> None:
    """A manual item scores nothing yet, and all its points are open; results cannot change that."""
    (grade,) = score_items(assignment(MANUAL), [result("a", Status.PASSED, 3.0, item="proof")], {"proof": {"a": 3.0}})
    assert (grade.score, grade.max_score, grade.pending, grade.status) == (0.0, 3.0, 3.0, "needs_manual_grade")
    assert grade.cell == "proof"


@given(tables, verdicts)
def test_an_answer_that_nobody_began_is_not_started(points: dict[str, float], found: dict[str, Status]) -> None:
    """Only where it is worth nothing and decided: what could not be checked stays open, what was earned is earned."""
    results = results_of(points, found)
    plain, (untouched,) = score(results, points), score_items(assignment(code()), results, {"one": points}, {"one"})
    assert (untouched.score, untouched.pending) == (plain.score, plain.pending)
    assert untouched.status == ("not_started" if plain.status == "failed" else plain.status)


def test_a_written_answer_that_nobody_began_waits_for_nobody() -> None:
    """An empty proof is worth nothing, without a person's word; another one waits."""
    (blank,) = score_items(assignment(MANUAL), (), {}, {"proof"})
    assert (blank.status, blank.score, blank.pending, blank.waits) == ("not_started", 0.0, 0.0, False)
    (written,) = score_items(assignment(MANUAL), (), {})
    assert (written.status, written.pending, written.waits) == ("needs_manual_grade", 3.0, True)
    assert not replace(written, person=0.0).waits


def test_items_keep_their_order_and_their_results() -> None:
    """One grade per item, in the assignment's order, each with its own checks."""
    results = [result("b", Status.PASSED, item="two"), result("a", Status.FAILED), result("c", Status.PASSED)]
    items = assignment(code(), MANUAL, code("two"))
    grades = score_items(items, results, {"one": {"a": 1.0, "c": 1.0}, "two": {"b": 1.0}})
    assert [g.id for g in grades] == ["one", "proof", "two"]
    assert [[c.name for c in g.checks] for g in grades] == [["a", "c"], [], ["b"]]
    assert [g.status for g in grades] == ["partial", "needs_manual_grade", "passed"]


def test_an_item_without_checks_is_not_passed() -> None:
    """No verdict is never a pass."""
    grade = score([], {})
    assert (grade.score, grade.max_score, grade.status) == (0.0, 0.0, "could_not_check")


def test_the_first_explanation_of_a_mistake_is_the_items() -> None:
    """The item shows the explanation that its checks carry."""
    grade = score([result("a", Status.FAILED), result("b", Status.FAILED, mistake="you doubled")], {"a": 1.0, "b": 1.0})
    assert grade.explanation == "you doubled"


@pytest.mark.parametrize(("tests", "cell"), [("test-one", "test-one"), (None, "answer")])
def test_the_cell_is_where_nbgrader_keeps_the_points(tests: str | None, cell: str) -> None:
    """The test cell of an item, and the answer cell where there is none."""
    (grade,) = score_items(assignment(code(tests=tests)), [], {"one": {"a": 1.0}})
    assert grade.cell == cell
