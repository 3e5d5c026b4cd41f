"""Diagnosis: the declared mistake whose outputs on the hidden inputs are the student's outputs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.assignment import Mistake
from autograder.guest.wire import Remote
from autograder.judge import Check, Draw, Student, expect
from autograder.judge.fingerprint import Trace, Traces, agreed, closest, same, trace
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


def declared(code: str, explain: str = "", thinks: str = "") -> Mistake:
    """A declared mistake; it is explained by its own code, where nothing else is said."""
    words = (thinks or f"so {code}", explain or code)
    return Mistake(code, Path("square.toml"), "square", "square", ("values",), *words, code)


def told(student: str, *mistakes: str, checks: tuple[Check, ...] = CHECKS, seed: int = SEED) -> str:
    """What a student with this answer is told, when each mistake's explanation is its own code; we hear what is
    thought just then."""
    space = notebook(student)()
    seen = {check.name: trace(check, space, seed) for check in checks}
    explain, thinks = agreed(closest(checks, seen, [(declared(code), notebook(code)) for code in mistakes], seed))
    assert thinks == (f"so {explain}" if explain else "")
    return explain


def test_the_same_mistake_written_otherwise_is_recognised() -> None:
    """What counts are the outputs, not the code; neither are container and rounding."""
    for code in (
        "def square(x):\n    return 2 * x",
        "def square(x):\n    return (x + x).tolist()",
        "def square(x):\n    return x.numpy() * 2 + 1e-9",
    ):
        assert told(code, NEGATES, CUBES, DOUBLES) == DOUBLES


def test_another_wrong_answer_is_not_explained() -> None:
    """A wrong answer that nobody declared gets no explanation, however near it comes."""
    assert told("def square(x):\n    return 2.001 * x", NEGATES, CUBES, DOUBLES) == ""
    assert told("def square(x):\n    return x[:2]", NEGATES, CUBES, DOUBLES) == ""


@pytest.mark.parametrize(
    ("answer", "opened"), [(STUB, []), (RAISES, []), ("x = 1", []), (CUBES, [NEGATES, DOUBLES, CUBES])]
)
def test_no_mistake_is_run_in_vain(answer: str, opened: list[str]) -> None:
    """Work that shows nothing runs no mistake's notebook."""
    ran: list[str] = []

    def opening(code: str) -> dict[str, Any]:
        if code not in ran:
            ran.append(code)
        space: dict[str, Any] = notebook(code)()
        return space

    space = notebook(answer)()
    seen = {check.name: trace(check, space, SEED) for check in CHECKS}
    closest(CHECKS, seen, [(declared(code), partial(opening, code)) for code in (NEGATES, DOUBLES, CUBES)], SEED)
    assert ran == opened


def test_a_mistake_runs_once_for_all_submissions_at_a_seed() -> None:
    """Of a class, or of an audit; at another seed it gives other answers, and what takes too much room is not kept."""
    ran: list[str] = []

    def opening(code: str) -> dict[str, Any]:
        ran.append(code)
        space: dict[str, Any] = notebook(code)()
        return space

    def look(known: Traces, seed: int = SEED) -> list[str]:
        ran.clear()
        seen = {check.name: trace(check, notebook("def square(x):\n    return 2 * x")(), seed) for check in CHECKS}
        declared_ = [(declared(code), partial(opening, code)) for code in (NEGATES, DOUBLES, CUBES)]
        assert agreed(closest(CHECKS, seen, declared_, seed, known))[0] == DOUBLES
        return list(ran)

    known, small = Traces(), Traces(most=100)
    first = look(known)
    assert {DOUBLES, NEGATES} <= {*first}
    assert look(known) == []
    assert look(known, SEED + 1) == first
    assert look(known) == look(known, SEED + 1) == []
    assert look(small) == look(small) == first
    room = Traces(most=3 * known._held // 4)
    look(room)
    assert 0 < room._held <= room._most


def test_what_mistakes_hand_in_alike_is_held_once() -> None:
    """Trained weights come back from each mistake of the item: one copy of them is enough, and what differs stays."""
    hands_in = "import torch\ndef square(x):\n    return {'weights': [torch.arange(6000.0) * %d], 'at': %d}"
    check = a_check("weights", lambda student: student.square(torch.ones(2)))
    known = Traces()

    def weights(scale: int, at: int) -> tuple[torch.Tensor, int]:
        code = hands_in % (scale, at)
        found = known.of(declared(code), notebook(code), check, SEED).replies[0]["ok"]
        return found["weights"][0], found["at"]

    (one, at_one), (same_, at_two), (other, _) = weights(2, 1), weights(2, 2), weights(3, 1)
    assert one is same_
    assert (at_one, at_two) == (1, 2)
    assert torch.equal(other, 3 * torch.arange(6000.0))
    assert torch.equal(one, 2 * torch.arange(6000.0))


@pytest.mark.parametrize("nothing", [STUB, RAISES, "x = 1"])
def test_an_answer_without_data_says_nothing(nothing: str) -> None:
    """Work that is not there, or only raises, resembles no mistake: not even one that raises the same."""
    assert told(nothing, STUB, RAISES, DOUBLES) == ""


def test_right_work_is_not_explained() -> None:
    """Without a failed check there is nothing to diagnose."""
    assert told("def square(x):\n    return x * x", DOUBLES, NEGATES) == ""


def test_a_mistake_must_match_most_failures() -> None:
    """One agreeing output among several failures is a coincidence."""
    checks = (
        *CHECKS,
        *(
            a_check(
                f"at_{n}",
                lambda s, n=n: expect.close(  # type: ignore[misc]
                    s.square(torch.full((2,), float(n))), [float(n * n)] * 2, what="square"
                ),
            )
            for n in (3, 4, 5)
        ),
    )
    same_at_one = "def square(x):\n    return 2 * x if bool((x == 1).all()) else x - 7"
    assert told(same_at_one, DOUBLES, checks=checks) == ""


def test_raising_alike_is_no_likeness() -> None:
    """Where both raise, nothing is alike: data must agree on most of the failed checks."""
    student = "def square(x):\n    return 7 * x if x.numel() == 5 else 1 / 0"
    mistake = "def square(x):\n    return 2 * x if x.numel() == 5 else 1 / 0"
    assert told(student, mistake) == ""
    assert told(mistake, mistake) == ""  # one of two
    third = a_check("at_zero", lambda s: expect.close(s.square(torch.zeros(5)), [1.0] * 5, what="square"))
    assert told(mistake, mistake, checks=(*CHECKS, third)) == mistake


def test_what_comes_before_an_exception_is_no_data() -> None:
    """A check that ends with an exception rests on it, whatever came back before, objects above all."""

    def used(student: Student) -> None:
        square = student.make()
        expect.close(student.size(), 3.0, what="size")
        square(torch.ones(2))

    made = "def size():\n    return 3\ndef make():\n    def square(x):\n        {}\n    return square"
    one, two = made.format("raise ValueError('shape')"), made.format("raise ValueError('dtype')")
    checks = tuple(a_check(f"used_{n}", used) for n in range(3))
    assert told(one, two, checks=checks) == ""
    objects = "def size():\n    return None\ndef make():\n    return object()"

    def makes(student: Student) -> None:
        student.make()
        expect.true(False, "no")

    assert told(objects, objects, checks=(a_check("makes", makes),)) == ""


def test_the_closer_mistake_wins() -> None:
    """Of two mistakes that agree on a failed check, the one that agrees on more checks is told."""
    student = "def square(x):\n    return 3 * x * x if x.numel() == 2 else 2 * x"
    other = "def square(x):\n    return 5 * x * x if x.numel() == 2 else 2 * x"
    assert told(student, other, student) == student
    assert told(student, student, other) == student


def test_of_equal_mistakes_none_is_told() -> None:
    """Two declared mistakes with the same outputs: nobody knows which it was, unless both are explained alike; what
    is thought stays open where that differs."""
    again = "def square(x):\n    y = x\n    return y + y"
    assert told(DOUBLES, DOUBLES, again) == ""
    assert told(DOUBLES, NEGATES, again, DOUBLES) == ""
    seen = {check.name: trace(check, notebook(DOUBLES)(), SEED) for check in CHECKS}
    for thoughts, known in ((["twice"] * 2, "twice"), (["twice", "a sum"], "")):
        alike = [
            (declared(code, "twice is no square", thinks), notebook(code))
            for thinks, code in zip(thoughts, (DOUBLES, again), strict=True)
        ]
        assert agreed(closest(CHECKS, seen, alike, SEED)) == ("twice is no square", known)


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


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
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
    ],
)
def test_same_compares_what_was_returned(a: Any, b: Any, equal: bool) -> None:
    """Equal up to rounding, in either order."""
    assert same(a, b) is equal
    assert same(b, a) is equal


def test_a_forged_reply_cannot_break_the_diagnosis() -> None:
    """Whatever a notebook sent as its reply, comparing it raises nothing."""
    odd: list[Any] = [{"ok": {1: {2: frozenset({3})}}}, {"raised": None}, {"ok": b"x"}, {"ok": torch.zeros(0)}, {}]
    for reply in odd:
        seen = {check.name: Trace(Status.FAILED, [{"ok": 1.0}, reply]) for check in CHECKS}
        assert closest(CHECKS, seen, [(declared(DOUBLES), notebook(DOUBLES))], SEED) == ()


@pytest.mark.parametrize("part", [np.zeros(2), [np.zeros(2)], {1: np.zeros(2)}, None, 3])
def test_reports_of_any_form_can_be_compared(part: Any) -> None:
    """A forged report is the same as another or not, and breaks nothing."""
    forged = {"raised": {"type": part}}
    assert same(forged, {"raised": {"type": part}}) is True
    assert same(forged, {"raised": {"type": "ValueError"}}) is False
