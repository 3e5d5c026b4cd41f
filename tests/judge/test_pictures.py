"""Pictures of what was handed in: drawn before anything hidden was told, harmless, and shown whatever the verdict."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import Any

import pytest

from autograder.errors import Feedback
from autograder.judge import Student, pictures
from autograder.judge.evaluate import evaluate
from autograder.model import Status
from autograder.report import svg
from tests.judge.sample import LENGTH, SQUARE, Forks, a_check, by_name, notebook, trusted

LOG = "log = [[0, 4.2], [10, 2.0], [20, 1.5]]"
# What a notebook does that wants to read its hidden inputs in a picture.
SPELLS = "def square(x):\n    log[:] = [[n, float(v)] for n, v in enumerate(x)]\n    return x * x"


def drawn(student: Student) -> str:
    """The log of the notebook as a curve."""
    return pictures.curves({"loss": student.value("log")}, x="updates", y="loss")


def points_of(picture: str) -> list[str]:
    line = next(e for e in ElementTree.fromstring(picture).iter() if e.tag == "polyline")
    return line.attrib["points"].split()


def test_curves_are_drawn_within_the_axes() -> None:
    """Falling values fall in the picture; its names and numbers are there; the report lets all of it through."""
    picture = pictures.curves({"a < b": [(0, 4.2), (10, 2.0), (20, 1.5)], "other": [(0, 1), (20, 1)]}, x="n", y="loss")
    places = [tuple(map(float, point.split(","))) for point in points_of(picture)]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted(y for _, y in places)  # down is up in a picture
    assert all(0 <= x <= 520 and 0 <= y <= 270 for x, y in places)
    assert svg.clean(picture)
    assert {"a < b", "other", "loss", "n", "20", "4"} <= set(ElementTree.fromstring(picture).itertext())


@pytest.mark.parametrize("values", [
    [(0, 1e300), (1, -1e300)], [(0, 1e-300), (1, 2e-300)], [(5, 5), (5, 5)], [(0, math.nan), (1, 1), (2, 1)],
    [(n, math.sin(n)) for n in range(5000)], [(-1e9, 0.0), (1e9, 0.0)], [(0, 1e-9), (1, 1.0)],
])  # fmt: skip
def test_any_numbers_make_a_picture_of_bounded_size(values: list[tuple[float, float]]) -> None:
    """Huge, tiny, equal, many or missing: the picture is small, and passes the report's list."""
    picture = pictures.curves({"loss": values}, x="n", y="loss")
    assert len(picture) < 12_000
    assert svg.clean(picture)
    assert "nan" not in picture


@pytest.mark.parametrize("lines", [{}, {"a": []}, {"a": [(0, math.nan)]}, {"a": [(1.0, 2.0)]}])
def test_nothing_is_drawn_of_nothing(lines: dict[str, Any]) -> None:
    """A curve needs two points."""
    with pytest.raises(Feedback):
        pictures.curves(lines, x="n", y="loss")


def test_a_confusion_matrix_shows_its_counts() -> None:
    """A row for each answer, a column for what was said, and names that are only text."""
    picture = pictures.confusion([[5, 1], [0, 7]], ["<b>", "pos"], rows="the answer", columns="what was said")
    said = [e.text for e in ElementTree.fromstring(picture).iter() if e.tag == "text"]
    assert [text for text in said if text and text.isdecimal()] == ["5", "1", "0", "7"]
    assert said.count("<b>") == 2
    assert svg.clean(picture)
    with pytest.raises(Feedback):
        pictures.confusion([[1, 2]], ["a", "b"], rows="r", columns="c")


@pytest.mark.parametrize(("square", "status"), [(SQUARE, Status.PASSED), ("square = None", Status.FAILED)])
def test_it_is_shown_whatever_the_verdict(square: str, status: Status) -> None:
    """A check that passes has its picture, and so has one that fails."""
    check = replace(a_check("log", lambda student: student.square(2)), shows=drawn)
    (result,) = evaluate(trusted(check), Forks(notebook(square, LENGTH, LOG)).open, 3)
    assert result.status is status
    assert len(points_of(result.picture)) == 3


def test_no_hidden_input_gets_into_a_picture() -> None:
    """It is drawn before any check has called the notebook, so a log that spells out inputs is not the one shown."""
    first = a_check("first", lambda student: student.square(list(range(40))))
    second = replace(a_check("second", lambda student: student.value("log")), shows=drawn)
    results = by_name(evaluate(trusted(first, second), Forks(notebook(SPELLS, LENGTH, LOG)).open, 3))
    assert len(points_of(results["second"].picture)) == 3


@pytest.mark.parametrize("log", ["", "log = 3", "log = []", "log = [[1, 'x'], [2, 3]]", "log = [[0, 1]] * 10**6"])
def test_what_cannot_be_drawn_costs_nothing(log: str) -> None:
    """No log, or one of another form, gives no picture and no other verdict."""
    check = replace(a_check("fine", lambda student: student.square(2)), shows=drawn)
    (result,) = evaluate(trusted(check), Forks(notebook(SQUARE, LENGTH, log)).open, 3)
    assert result.status is Status.PASSED
    assert len(result.picture) < 12_000


def test_an_untouched_item_and_a_judge_that_goes_on_draw_nothing() -> None:
    """Nobody's work has no picture; a judge that takes over from a dead one cannot know what was told before."""
    check = replace(a_check("log", lambda student: student.square(2)), shows=drawn)
    forks = Forks(notebook(SQUARE, LENGTH, LOG))
    (blank,) = evaluate(trusted(check), forks.open, 3, untouched=frozenset({"square"}))
    other = a_check("other", lambda student: None)
    known = by_name(evaluate(trusted(other), forks.open, 3))
    late = by_name(evaluate(trusted(other, check), forks.open, 3, known=known))
    assert (blank.picture, late["log"].picture) == ("", "")
