"""Diagnosis: the declared mistake whose outputs on the hidden inputs are the student's outputs."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from autograder.guest.wire import Remote
from autograder.judge import Check, Draw, Student, expect
from autograder.judge.fingerprint import Trace, diagnose, same, trace
from autograder.model import Status
from tests.judge.sample import a_check, notebook

SEED = 9


def values(student: Student, draw: Draw) -> None:
    x = draw.tensor(5)
    expect.close(student.square(x), x * x, what="square(x)")


def at_one(student: Student, draw: Draw) -> None:
    expect.close(student.square(torch.ones(2)), torch.ones(2), what="square(1)")


CHECKS = (Check("values", "square", 2.0, "Values.", values), Check("at_one", "square", 1.0, "At one.", at_one))
DOUBLES = "def square(x):\n    return x + x"
CUBES = "def square(x):\n    return x**3"
NEGATES = "def square(x):\n    return -x * x"
RAISES = "def square(x):\n    raise ValueError('shape')"
STUB = "def square(x):\n    raise NotImplementedError()"


def told(student: str, *mistakes: str, checks: tuple[Check, ...] = CHECKS, seed: int = SEED) -> str:
    """What a student with this answer is told, when each mistake's explanation is its own code."""
    space = notebook(student)()
    seen = {check.name: trace(check, space, seed) for check in checks}
    return diagnose(checks, seen, [(code, notebook(code)) for code in mistakes], seed)


def test_the_same_mistake_written_otherwise_is_recognised() -> None:
    """What counts are the outputs, not the code; neither are container and rounding."""
    for code in ("def square(x):\n    return 2 * x", "def square(x):\n    return (x + x).tolist()",
                 "def square(x):\n    return x.numpy() * 2 + 1e-9"):
        assert told(code, NEGATES, CUBES, DOUBLES) == DOUBLES


def test_another_wrong_answer_is_not_explained() -> None:
    """A wrong answer that nobody declared gets no explanation, however near it comes."""
    assert told("def square(x):\n    return 2.001 * x", NEGATES, CUBES, DOUBLES) == ""
    assert told("def square(x):\n    return x[:2]", NEGATES, CUBES, DOUBLES) == ""


@pytest.mark.parametrize(
    ("answer", "opened"), [(STUB, []), (DOUBLES, [NEGATES, DOUBLES]), (CUBES, [NEGATES, DOUBLES, CUBES])]
)
def test_no_mistake_is_run_in_vain(answer: str, opened: list[str]) -> None:
    """Work that shows nothing runs no mistake's notebook, and a perfect match is the last that is run."""
    ran: list[str] = []

    def opening(code: str) -> dict[str, Any]:
        if code not in ran:
            ran.append(code)
        space: dict[str, Any] = notebook(code)()
        return space

    space = notebook(answer)()
    seen = {check.name: trace(check, space, SEED) for check in CHECKS}
    diagnose(CHECKS, seen, [(code, partial(opening, code)) for code in (NEGATES, DOUBLES, CUBES)], SEED)
    assert ran == opened


@pytest.mark.parametrize("nothing", [STUB, RAISES, "x = 1"])
def test_an_answer_without_data_says_nothing(nothing: str) -> None:
    """Work that is not there, or only raises, resembles no mistake: not even one that raises the same."""
    assert told(nothing, STUB, RAISES, DOUBLES) == ""


def test_right_work_is_not_explained() -> None:
    """Without a failed check there is nothing to diagnose."""
    assert told("def square(x):\n    return x * x", DOUBLES, NEGATES) == ""


def test_a_mistake_must_match_most_failures() -> None:
    """One agreeing output among several failures is a coincidence."""
    checks = (*CHECKS, *(a_check(f"at_{n}", lambda s, n=n: expect.close(  # type: ignore[misc]
        s.square(torch.full((2,), float(n))), [float(n * n)] * 2, what="square")) for n in (3, 4, 5)))
    same_at_one = "def square(x):\n    return 2 * x if bool((x == 1).all()) else x - 7"
    assert told(same_at_one, DOUBLES, checks=checks) == ""


def test_raising_alike_is_no_likeness() -> None:
    """A check at which both raise says nothing where the other checks show other data."""
    student = "def square(x):\n    return 7 * x if x.numel() == 5 else 1 / 0"
    mistake = "def square(x):\n    return 2 * x if x.numel() == 5 else 1 / 0"
    assert told(student, mistake) == ""
    assert told(mistake, mistake) == mistake


def test_the_closer_mistake_wins() -> None:
    """Of two mistakes that agree on a failed check, the one that agrees on more checks is told."""
    student = "def square(x):\n    return 3 * x * x if x.numel() == 2 else 2 * x"
    other = "def square(x):\n    return 5 * x * x if x.numel() == 2 else 2 * x"
    assert told(student, other, student) == student
    assert told(student, student, other) == student


def test_of_equal_mistakes_the_first_is_told() -> None:
    """Two declared mistakes with the same outputs: the first in order, always."""
    again = "def square(x):\n    y = x\n    return y + y"
    assert told(DOUBLES, DOUBLES, again) == DOUBLES
    assert told(DOUBLES, again, DOUBLES) == again


def test_passing_where_the_mistake_fails_is_no_match() -> None:
    """A mistake that would fail the check by the same value only agrees where that check failed for the student."""
    picky = "def square(x):\n    return x * x if x.numel() == 2 else 2 * x"
    assert told(picky, picky) == picky
    assert told("def square(x):\n    return x * x if x.numel() == 5 else 2 * x", picky) == ""


def test_a_trace_holds_replies_and_verdict() -> None:
    """Every reply that the check saw, except those to housekeeping."""

    def seeded(student: Student) -> None:
        student.seed(3)
        student.square(torch.ones(1))
        student.nowhere()

    seen = trace(a_check("seeded", seeded), notebook(DOUBLES)(), SEED)
    assert seen.status is Status.FAILED
    assert [next(iter(reply)) for reply in seen.replies] == ["ok", "missing"]


def test_running_a_mistake_leaves_its_namespace_alone() -> None:
    """A trace runs on a copy: names that a check replaces stay as they were for the next."""
    space = notebook(DOUBLES)()
    before = dict(space)
    trace(a_check("replaces", lambda s: s.replace(["square"])), space, SEED)
    assert space == before


@pytest.mark.parametrize(("a", "b", "equal"), [
    (torch.tensor([1.0, 2.0]), [1.0, 2.0], True),
    (np.array([1, 2]), torch.tensor([1.0, 2.0]), True),
    (1, 1.0, True),
    (1.0, 1.0 + 1e-9, True),
    (1.0, 1.0 + 1e-3, False),
    (1e-12, 2e-12, False),
    (float("nan"), float("nan"), True),
    (float("nan"), 1.0, False),
    (float("inf"), float("inf"), True),
    (float("inf"), -float("inf"), False),
    (torch.zeros(2), torch.zeros(3), False),
    ([torch.zeros(2), "a"], (torch.zeros(2), "a"), True),
    ([1, "a"], [1, "b"], False),
    ({"x": [1.0, None]}, {"x": [1.0, None]}, True),
    ({"x": 1}, {"y": 1}, False),
    ("a", "a", True),
    (None, False, False),
    ({"raised": {"type": "ValueError", "text": "a"}}, {"raised": {"type": "ValueError", "text": "b"}}, True),
    ({"raised": {"type": "ValueError"}}, {"raised": {"type": "KeyError"}}, False),
    ({"raised": 5}, {"raised": {"type": "KeyError"}}, False),
    (Remote(1, "Net", True), Remote(7, "Other", True), True),
    (Remote(1, "Net", True), 1, False),
    (1j, 1j, True),
    (1j, 1.0, False),
    (torch.tensor([1 + 1j]), np.array([1 + 1j]), True),
    (np.array([1, 2], dtype="u8"), [1, 2], True),
    (2, "2", False),
])
def test_same_compares_what_was_returned(a: Any, b: Any, equal: bool) -> None:
    """Equal up to rounding, in either order."""
    assert same(a, b) is equal
    assert same(b, a) is equal


def test_a_forged_reply_cannot_break_the_diagnosis() -> None:
    """Whatever a notebook sent as its reply, comparing it raises nothing."""
    odd: list[Any] = [{"ok": {1: {2: frozenset({3})}}}, {"raised": None}, {"ok": b"x"}, {"ok": torch.zeros(0)}, {}]
    for reply in odd:
        seen = {check.name: Trace(Status.FAILED, [{"ok": 1.0}, reply]) for check in CHECKS}
        assert diagnose(CHECKS, seen, [(DOUBLES, notebook(DOUBLES))], SEED) == ""
