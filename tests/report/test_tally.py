"""Counts over a class."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import CheckResult, Grade, Kind, Status
from autograder.report import tally
from tests.report import sample

SCORES = st.lists(st.floats(0, 40, allow_nan=False).map(lambda x: round(x, 2)), min_size=1, max_size=80)


def test_check_counts_equal_a_plain_count() -> None:
    """Passed, failed and could not check add up to the class, check by check."""
    grades = sample.classroom(60)
    for item in tally.items(grades).values():
        for check in item.checks.values():
            found = [c for g in grades for i in g.items for c in i.checks if (i.id, c.name) == (item.id, check.name)]
            assert check.tones["good"] == sum(c.status is Status.PASSED for c in found)
            assert check.tones["bad"] == sum(c.status is Status.FAILED for c in found)
            assert check.tones["unsure"] == sum(c.status is Status.COULD_NOT_CHECK for c in found)
            assert sum(check.tones.values()) == 60


def test_misconceptions_count_students_once_most_frequent_first() -> None:
    """Two checks that match one mistake count their student once."""
    grades = sample.classroom(60)
    found = tally.misconceptions([*grades, *grades])
    sizes = [len(held.students) for held in found]
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) <= 60
    said = {c.mistake for g in grades for i in g.items for c in i.checks if c.mistake}
    assert {held.text for held in found} == said
    assert {held.thinks for held in found} == {*sample.THINKS.values(), ""}


def test_what_is_thought_is_counted_not_how_it_is_explained() -> None:
    """Two explanations of one thought are one misconception; two thoughts that are explained alike are two."""

    def holding(student: str, thinks: str, mistake: str) -> Grade:
        check = CheckResult("c", "i", Status.FAILED, 0, 1, mistake=mistake, thinks=thinks)
        return Grade(student, "a", "").with_items([sample.item_of("i", "I", Kind.CODE, (check,))])

    class_ = [
        holding("ada", "it is twice", "Not twice."),
        holding("bob", "it is twice", "Square it."),
        holding("cyd", "it is half", "Not twice."),
        holding("dan", "", "Not twice."),
    ]
    found = [(held.thinks, sorted(held.students)) for held in tally.misconceptions(class_)]
    assert sorted(found) == [("", ["dan"]), ("it is half", ["cyd"]), ("it is twice", ["ada", "bob"])]


@given(SCORES)
def test_quartiles_agree_with_numpy(scores: list[float]) -> None:
    """First quartile, median and third quartile are numpy's."""
    assert tally.quartiles(scores) == pytest.approx(np.percentile(scores, [25, 50, 75]))
    assert tally.quartiles(scores)[1] == pytest.approx(statistics.median(scores))


@given(SCORES, st.floats(0.5, 60))
def test_each_score_is_in_one_bin(scores: list[float], high: float) -> None:
    """No score is lost, few bins suffice, and the last one ends at or above every score."""
    counts, end = tally.bins(scores, high)
    assert sum(counts) == len(scores)
    assert 1 <= len(counts) <= 13
    assert end >= max(scores) - 1e-6


def test_bins_have_round_edges() -> None:
    """Twenty points fall into ten bins of two; a full score belongs to the last."""
    assert tally.bins([0, 1.9, 2, 20], 20) == ((2, 1, 0, 0, 0, 0, 0, 0, 0, 1), 20)


def test_rates_leave_out_what_nobody_decided() -> None:
    """Could not check and waiting do not lower a pass rate."""
    assert tally.pass_rate(tally.Counter({"good": 3, "bad": 1, "unsure": 9, "wait": 5})) == "75%"
    assert tally.pass_rate(tally.Counter({"unsure": 2})) == ""
