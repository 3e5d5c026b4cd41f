"""Figures on questions after an exam."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.exam.analysis import Analysed, analyse, as_markdown, correlation
from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status
from tests.exam.plans import papers, plan

CLASS = [f"s{n:02}" for n in range(20)]


def graded(student: str, right: dict[str, bool], detail: str = "", pending: float = 0.0) -> Grade:
    """A grade of one point an item."""
    items = [
        ItemGrade(
            name, name, Kind.NUMBER, f"t{name}", float(ok), 1.0, "passed" if ok else "failed", pending=pending,
            checks=(CheckResult(name, name, Status.PASSED if ok else Status.FAILED, float(ok), 1.0, detail=detail),),
        )
        for name, ok in right.items()
    ]  # fmt: skip
    return Grade(student, "small", "").with_items(items)


def test_questions_are_told_over_all_their_variants(tmp_path: Path) -> None:
    """A question counts wherever it stood on somebody's paper. One that only the weak get right is asked about, hard
    ones come first, misconceptions are counted, and what could not be checked is left out."""
    found = papers(plan(tmp_path), *CLASS)
    grades = []
    for rank, student in enumerate(CLASS):
        right, strong = {}, rank >= 10
        for one in found.papers[student].questions:
            right[one.name] = not strong if one.template == "ring-messages" else strong or one.template == "kv-cache"
        grades.append(graded(student, right, detail="kv-cache: one layer\nseed 3"))
    grades.append(graded("ghost", {"q1": True}))
    grades.append(graded(CLASS[0], {"q1": True}, pending=1.0))
    told = {one.template: one for one in analyse(found, grades, {"kv-cache": "A cache"})}
    assert (told["ring-messages"].answers, told["ring-messages"].right) == (20, 0.5)
    assert told["ring-messages"].discrimination == pytest.approx(-1.0)
    assert "is the key right?" in told["ring-messages"].look
    assert told["kv-cache"].slips == (("one layer", 20),)
    assert told["kv-cache"].discrimination is None
    assert "everybody" in told["kv-cache"].look
    assert sum(one.answers for one in told.values()) == 20 * 6
    shares = [one.right for one in told.values()]
    assert shares == sorted(shares)
    table = as_markdown("small", list(told.values()), 20)
    assert "| A cache (`kv-cache`) | 20 | 0 | 100% |  | one layer (20) | nearly everybody is right |" in table


def test_correlation_is_numpys() -> None:
    """Pearson's correlation; none where nothing varies."""
    xs, ys = [1.0, 2.0, 4.0, 3.0], [2.0, 1.0, 7.0, 3.0]
    assert correlation(xs, ys) == pytest.approx(float(np.corrcoef(xs, ys)[0, 1]))
    assert correlation([1.0, 1.0], [0.0, 1.0]) is None
    assert correlation([1.0], [1.0]) is None
    assert Analysed("", "", 3, 0.0, 0, None, ()).look == "few answers"
    assert Analysed("", "", 30, 0.0, 0, None, ()).look == "nearly nobody is right"
    assert Analysed("", "", 30, 0.5, 0, 0.4, ()).look == ""
