"""How written answers are read, and quizzes to practise on."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from seq2kit import quiz
from seq2kit.quiz import Quiz, read_letters, read_number, within


@pytest.mark.parametrize(("text", "number"), [
    ("12288", 12288), ("12,288", 12288), ("12 288", 12288), ("12\u202f288", 12288), ("12'288", 12288),
    ("12\u2019288", 12288), ("12_288", 12288), ("1.2288e4", 12288), ("1.2288E+4", 12288), ("1.2288 x 10^4", 12288),
    ("1.2288\u00d710^4", 12288), ("1,2288·10^4", 12288), ("3 * 2**12", 12288), ("2^12", 4096), ("10^-3", 0.001),
    ("1,234,567", 1234567), ("1.234.567", 1234567), ("1,234,567.5", 1234567.5), ("1.234.567,5", 1234567.5),
    ("1 234,5", 1234.5), ("3,14", 3.14), ("0,125", 0.125), ("0.125", 0.125), (".5", 0.5), ("12,5", 12.5),
    ("1,2345", 1.2345), ("3/4", 0.75), ("1,000 / 8", 125), ("-2.5", -2.5), ("\u22122.5", -2.5), ("= 7", 7),
    ("\u2248 7.39", 7.39), ("7.", 7), (" 7 ", 7), ("1e3/4", 250),
])  # fmt: skip
def test_numbers_in_all_their_forms(text: str, number: float) -> None:
    """What people write for one number is that number."""
    assert read_number(text) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("text", [
    "", "seven", "1,23,456", "12 34", "1..2", "1.2.3", "--3", "3/0", "1e999", "nan", "inf", "1 2", "a", "10^10^10",
    "9" * 200, "12,288,1", "1e", "9^9^9", "2^99999", "0x10", "__import__('os')", "12\n34",
])  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    """Marks in the wrong places, words, and what is beyond a float are no number; nothing is ever run."""
    assert read_number(text) is None


@pytest.mark.parametrize(("text", "unit"), [
    ("528 messages", "messages"), ("528messages", "messages"), ("1 message", "messages"), ("528 MB", "MB"),
    ("528 mb", "MB"), ("2.5 million tokens", "million tokens"), ("75 %", "%"),
])  # fmt: skip
def test_the_unit_may_stand_behind(text: str, unit: str) -> None:
    """The question's own unit is passed over, another word is not."""
    assert read_number(text, unit) is not None
    assert read_number(f"{text} or so", unit) is None


@pytest.mark.parametrize("value", [12288, 12288.0, np.int64(12288), np.float32(12288), torch.tensor(12288)])
def test_numbers_that_python_computed(value: Any) -> None:
    """A number is one, whoever computed it; a truth value and what is not finite are none."""
    assert read_number(value) == 12288
    assert read_number(True) is None
    assert read_number(math.nan) is None
    assert read_number(None) is None
    assert read_number([1]) is None
    assert read_number(10**400) is None


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_thousands_are_read_back(number: int) -> None:
    """Commas, spaces, apostrophes and points at the thousands change nothing."""
    for mark in (",", " ", "'", "_", "."):
        text = f"{number:,}".replace(",", mark)
        expected = number if mark != "." or abs(number) >= 10**6 else float(text)
        assert read_number(text) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_back(number: float) -> None:
    """What Python writes for a number is that number."""
    assert read_number(repr(number)) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_not(text: str) -> None:
    """Nothing that is written raises."""
    assert read_number(text, "MB") is None or math.isfinite(read_number(text, "MB") or 0.0)
    assert read_letters(text) is None or read_letters(text) <= set("abcdefghijklmnopqrstuvwxyz")


def test_letters() -> None:
    """Any container, case and order; nothing, numbers and other letters are none."""
    forms = ("ac", "C, A", "a c", "{a, c}", ["a", "c"], ("c", "a"), {"a", "c"}, ["A", "a", "c"])
    assert {read_letters(form) for form in forms} == {frozenset("ac")}
    assert [read_letters(form) for form in ("", [], 3, None, "3", ["a", 1], "ä")] == [None] * 7


def test_given_tells_how_and_not_whether(capsys: pytest.CaptureFixture[str]) -> None:
    """An answer is said as it is read; a missing one and one that is neither stop the cell with what to do."""
    answers = {"q1": "12,288", "q2": {"b", "a"}, "q3": "528 messages", "q4": ..., "q5": "seven?", "q6": 2.5}
    for name in ("q1", "q2", "q3", "q6"):
        quiz.given(answers, name)
    assert capsys.readouterr().out.splitlines() == [
        "q1: read as the number 12288", "q2: read as letters a, b", "q3: read as the number 528",
        "q6: read as the number 2.5",
    ]  # fmt: skip
    for name, says in (("q4", "no answer yet"), ("q7", "no answer yet"), ("q5", "neither as letters nor as a number")):
        with pytest.raises(AssertionError, match=says):
            quiz.given(answers, name)


def test_within() -> None:
    """A tolerance is relative; none asks for the number itself."""
    assert within(101.0, 100.0, 0.01)
    assert not within(101.2, 100.0, 0.01)
    assert not within(100.0001, 100.0, 0.0)
    assert within(-99.5, -100.0, 0.01)


def test_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    """How many minutes are left, or that none is."""
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    quiz.clock((now + datetime.timedelta(hours=10)).isoformat())
    quiz.clock((now - datetime.timedelta(minutes=1)).isoformat())
    left, over = capsys.readouterr().out.splitlines()
    assert "minutes left, until" in left
    assert "Time is up" in over


QUIZ = [
    {
        "name": "p1", "kind": "number", "unit": "MB", "key": 528.0, "tolerance": 0.0, "worked": "2 * 264",
        "slips": [{"value": 264.0, "explain": "There and back."}], "options": [],
    },
    {
        "name": "p2", "kind": "some", "unit": "", "key": 0.0, "tolerance": 0.0, "worked": "a and c", "slips": [],
        "options": [
            {"text": "one", "right": True, "explain": "Since it is."},
            {"text": "two", "right": False, "explain": "It never was."},
            {"text": "three", "right": True, "explain": "As well."},
        ],
    },
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "right", "says"), [
    ("p1", "528 MB", True, "p1: right"), ("p1", 264, False, "There and back."), ("p1", 7, False, "none of the usual"),
    ("p1", "much", False, "no number"), ("p2", "ca", True, "a: holds. Since it is."),
    ("p2", "ab", False, "b: does not hold. It never was."), ("p2", "a", False, "There is more that holds."),
    ("p2", "x", False, "Give letters from a, b, c"), ("p2", "...", False, "in place of the dots"),
])  # fmt: skip
def test_a_quiz_says_why(name: str, value: Any, right: bool, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each letter is explained, each usual slip named, and more that holds is told; then the way to the answer."""
    practice = Quiz.load(json.dumps(QUIZ))
    assert practice.answer(name, value) is right
    practice.solution(name)
    practice.score()
    out = capsys.readouterr().out
    assert says in out
    assert f"{int(right)} of 2 right, {int(value != '...')} tried" in out
