"""A check that breaks on a reply fails it when the reference passes; only a fault of ours stays undecided."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.guest.wire import Remote
from autograder.judge import Check, Student
from autograder.judge.blame import form_of
from autograder.judge.evaluate import evaluate
from autograder.model import CheckResult, Status
from tests.courses import Grader
from tests.judge.sample import LENGTH, RIGHT, Forks, a_check, by_name, notebook, without_mistakes

pytest_plugins = ["tests.courses"]

SECRET = "exactly 1234.5"


def careless(student: Student) -> None:
    """Takes the reply apart without a look at it."""
    x = torch.tensor([1.5, -2.0])
    assert bool(torch.allclose(student.square(x) * 1, x * x)), SECRET


def judged(answer: str, *checks: Check) -> dict[str, CheckResult]:
    """The results of these checks for `square` defined as `answer`."""
    return by_name(evaluate(without_mistakes(*checks), Forks(notebook(answer, LENGTH)).open, 3, ("square",)))


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        ("def square(x): return None", "None"),
        ("def square(x): return 'four'", "text"),
        ("def square(x): return x[:0]", "an array without entries"),
        ("def square(x): return x / 0", "NaN or infinity"),
        ("def square(x): return {}", "an empty container"),
        ("def square(x): return object()", "an object that is no plain data"),
        ("def square(x): return [None]", "None, inside a list"),
        ("def square(x): return [x, 'four']", "text, inside a list"),
        ("def square(x): return [1, 2, [3]]", "a list"),
        ("def square(x): return (x * x).tolist()", "a list"),
        ("def square(x): return tuple(x * x)", "a tuple"),
        ("def square(x): return (v for v in x)", "an object that is no plain data"),
        ("square = None", ""),
        ("def square(x): return (x * x)[:, None, None] * torch.ones(1, 3, 3)", "an array of another shape"),
    ],
)
def test_a_reply_that_breaks_a_check_is_a_failure(answer: str, form: str) -> None:
    """Failed, with the kind of thing that came back where that can be said, and a mark for the instructor."""
    result = judged(answer, a_check("careless", careless))["careless"]
    assert (result.status, result.points) == (Status.FAILED, 0.0)
    if answer == "square = None":
        assert not result.odd
        return
    assert result.odd
    assert result.message == f"What `square` gives has a form that cannot be judged: {form}."
    assert "Traceback" in result.detail or "Error" in result.detail
    assert SECRET not in result.message + result.hint


def test_numbers_that_break_a_check_are_no_matter_of_form() -> None:
    """Where a list of numbers breaks what a tensor does not, by its numbers, no form is blamed."""

    def divides(student: Student) -> None:
        assert 1 / sum(map(float, student.square(torch.tensor([1.5, -2.0])))) > 0

    result = judged("def square(x): return [0.0, 0.0]", a_check("divides", divides))["divides"]
    assert (result.status, result.odd) == (Status.FAILED, True)
    assert result.message == "What came back has a form that cannot be judged."


@pytest.mark.parametrize("error", [RecursionError, MemoryError, ZeroDivisionError, UserWarning, BaseException])
def test_whatever_a_reply_makes_a_check_raise_counts(error: type[BaseException]) -> None:
    """Recursion, memory, warnings raised as errors and a library's panic are no way out of a verdict."""

    def breaks(student: Student) -> None:
        if student.square(torch.tensor(2.0)) is None:
            raise error

    assert judged("def square(x): return None", a_check("breaks", breaks))["breaks"].status is Status.FAILED


@pytest.mark.parametrize("error", [ValueError, MemoryError])
def test_a_check_that_breaks_for_the_reference_too_costs_nothing(error: type[BaseException]) -> None:
    """Then it is the check that is broken, whatever came back."""

    def broken(student: Student) -> None:
        student.square(torch.tensor(2.0))
        raise error

    for answer in ("def square(x): return None", "def square(x): return x * x"):
        result = judged(answer, a_check("broken", broken))["broken"]
        assert (result.status, result.odd) == (Status.COULD_NOT_CHECK, False)


def test_a_failure_of_the_machine_is_nobodys_answer() -> None:
    """A file that cannot be opened is no matter of what came back."""

    def unlucky(student: Student) -> None:
        if student.square(torch.tensor(2.0)) is None:
            raise OSError(24, "Too many open files")

    result = judged("def square(x): return None", a_check("unlucky", unlucky))["unlucky"]
    assert (result.status, result.odd) == (Status.COULD_NOT_CHECK, False)


def test_what_happens_once_is_nobodys_answer() -> None:
    """Want of memory that comes and goes is no matter of what came back: the same replies do not break the check."""
    tries = []

    def unlucky(student: Student) -> None:
        student.square(torch.tensor(2.0))
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError

    result = judged("def square(x): return x * x", a_check("unlucky", unlucky))["unlucky"]
    assert (result.status, result.odd) == (Status.COULD_NOT_CHECK, False)


def test_a_broken_check_is_tried_in_a_fork_of_its_own_first() -> None:
    """What an earlier check left behind breaks no later one."""
    wears_out = "calls = []\ndef square(x):\n    calls.append(1)\n    return x * x if len(calls) == 1 else None"
    results = judged(wears_out, *(a_check(f"check_{n}", careless) for n in range(3)))
    assert [r.status for r in results.values()] == [Status.PASSED] * 3


def test_an_interrupt_ends_the_judging() -> None:
    """Ctrl-C is no verdict."""

    def interrupted(student: Student) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(without_mistakes(a_check("interrupted", interrupted)), Forks(RIGHT).open, 3, ("square",))


def test_a_kind_is_named_from_a_closed_list() -> None:
    """Nothing that a student chose is part of the words: no class, no text, no number."""
    odd: list[Any] = [Remote(7, "Linear", True), "S3CRET", b"S3CRET", 12345, {"S3CRET": 1}, ("S3CRET",), 1e308, 2j]
    for value in odd:
        assert "S3CRET" not in form_of(value)
        assert not any(c.isdigit() for c in form_of(value))


def test_a_grade_with_such_a_verdict_is_flagged(grader: Grader) -> None:
    """In the sandbox: no points are left open, and the instructor is asked to look."""
    grade = grader.grade(grader.demo.solved("chain", length="def length(x):\n    return None"), "chain")
    found = {c.name: (c.status, c.odd) for item in grade.items for c in item.checks}
    assert found["length_is_homogeneous"] == (Status.FAILED, True)
    assert (grade.pending, grade.flagged) == (0, True)
    assert not grader.grade(grader.demo.solved("chain"), "chain").flagged
